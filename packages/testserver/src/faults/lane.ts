import type { Socket } from "node:net";
import type { ActiveFault } from "./active-fault.ts";
import { type Cut, decideAll, type Head, headFor, type PlacedRule, type StreamRule } from "./protocol/stream-rule.ts";

/** How much a direction holds back; then it stops reading, and the sender's buffers fill. */
const heldLimitBytes = 1_048_576;

/** In how many pieces: small ones take more room than their bytes. */
const heldLimitPieces = 4_096;

/** The longest that a timer of Node.js waits. */
const timerLimitMilliseconds = 2 ** 31 - 1;

/** One direction of a connection: reads from one socket, and writes to another what the rules let through, when they do. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #on: LaneListener;
  #rules: readonly LaneRule[] = [];
  #held: Held[] = [];
  #heldBytes = 0;
  /** Bytes that passed or were lost. */
  #offset = 0;
  #timer: NodeJS.Timeout | undefined;
  #waitsForSink = false;
  #state: "open" | "swallowing" | "ended" = "open";

  constructor(from: Socket, to: Socket, on: LaneListener) {
    this.#from = from;
    this.#to = to;
    this.#on = on;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => this.#take("end"));
    from.on("error", () => this.#take("reset"));
    from.on("close", () => this.#sourceClosed());
    to.on("drain", () => this.#sinkDrained());
    to.on("close", () => this.swallow());
    // A socket that says nothing but its end has told it, if it came before the other socket was there.
    if (from.readableEnded) process.nextTick(() => this.#take("end"));
  }

  /** A fault comes. */
  meet(active: ActiveFault, rule: StreamRule): void {
    this.#rules = [...this.#rules, { active, rule, from: this.#offset, isTold: false }];
    if (this.#state === "open") this.#pump();
  }

  /** A fault goes; what it held back leaves. */
  leave(active: ActiveFault): void {
    this.#rules = this.#rules.filter((each) => each.active !== active);
    if (this.#state === "open") this.#pump();
  }

  /** From now on everything that comes is lost; the sender is not held up. */
  swallow(): void {
    if (this.#state === "open") this.#state = "swallowing";
    this.stop();
    this.#from.resume();
  }

  /** Forgets what is held and ends the timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#heldBytes = 0;
  }

  #take(what: Buffer | "end" | "reset"): void {
    // Who wrote to a peer that had ended and was gone learns so.
    if (this.#state === "ended" && what === "reset") this.#on.ended("reset");
    if (this.#state !== "open") return;
    // The way of most bytes: nothing is held, and nothing is in force.
    if (this.#rules.length === 0 && this.#held.length === 0 && typeof what !== "string") {
      this.#offset += what.length;
      this.#write(what);
      return;
    }
    this.#held.push({ what, arrivedAt: performance.now() });
    if (typeof what !== "string") this.#heldBytes += what.length;
    if (this.#isFull) this.#from.pause();
    this.#pump();
  }

  /** A socket that was destroyed without a word, as its service can do, ends without `end` or `error`. */
  #sourceClosed(): void {
    if (this.#held.some(({ what }) => typeof what === "string")) return;
    this.#take("end");
  }

  get #isFull(): boolean {
    return this.#heldBytes >= heldLimitBytes || this.#held.length >= heldLimitPieces;
  }

  #awaitSink(): void {
    this.#waitsForSink = true;
    this.#from.pause();
  }

  #sinkDrained(): void {
    if (!this.#waitsForSink) return;
    this.#waitsForSink = false;
    this.#pump();
  }

  /** Lets out what may leave, and sets the timer for what may later. */
  #pump(): void {
    clearTimeout(this.#timer);
    while (this.#state === "open") {
      const now = performance.now();
      const due = this.#rules.find(({ rule }) => rule.cut !== undefined && rule.cut.at <= now);
      // A time that is up waits for nobody, not even for a receiver that does not read.
      if (due?.rule.cut !== undefined) {
        this.#cut(due, due.rule.cut.how);
        return;
      }
      const until = this.#waitsForSink ? Number.POSITIVE_INFINITY : this.#advance(now);
      if (until !== undefined) {
        this.#rest(until, now);
        return;
      }
    }
  }

  /** Does what comes next; where nothing can be done, tells until when. */
  #advance(now: number): number | undefined {
    const first = this.#held[0];
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const head = headOf(first, this.#offset);
    const decision = decideAll(this.#rules, head, now);
    const isUntouched = decision.type === "pass" && decision.at <= head.arrivedAt;
    if (head.type === "bytes" || !isUntouched) this.#tellAll();
    switch (decision.type) {
      case "hold":
        return Number.POSITIVE_INFINITY;
      case "cut":
        this.#cutBehind(decision.by, decision.how);
        return undefined;
      case "drop":
        this.#shift(decision.sizeBytes);
        return undefined;
      case "pass":
        if (decision.at > now) return decision.at;
        this.#pass(first, head, decision.sizeBytes, now);
        return undefined;
    }
  }

  #pass({ what }: Held, head: Head, sizeBytes: number, now: number): void {
    if (what === "end" || what === "reset") {
      this.#state = "ended";
      this.stop();
      this.#on.ended(what);
      return;
    }
    let bytes = what.subarray(0, sizeBytes);
    if (this.#rules.some(({ rule }) => rule.change !== undefined)) bytes = Buffer.from(bytes);
    for (const placed of this.#rules) {
      const own = headFor(placed, head);
      placed.rule.change?.(bytes, own.offset);
      placed.rule.passed?.(own, sizeBytes, now);
    }
    this.#shift(sizeBytes);
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    if (this.#on.isDeaf()) this.#on.unheard();
    else if (!this.#to.write(bytes)) this.#awaitSink();
  }

  /** So many bytes of the first piece are gone. */
  #shift(sizeBytes: number): void {
    this.#offset += sizeBytes;
    this.#heldBytes -= sizeBytes;
    const first = this.#held[0];
    if (first === undefined || typeof first.what === "string" || first.what.length === sizeBytes) this.#held.shift();
    else this.#held[0] = { ...first, what: first.what.subarray(sizeBytes) };
  }

  #rest(until: number, now: number): void {
    if (!this.#isFull && !this.#waitsForSink) this.#from.resume();
    const cuts = this.#rules.map(({ rule }) => rule.cut?.at ?? Number.POSITIVE_INFINITY);
    const next = Math.min(until, ...cuts);
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#pump(), Math.min(Math.ceil(next - now), timerLimitMilliseconds));
  }

  /** Cuts once what passed has left: it arrives before. */
  #cutBehind(by: LaneRule, how: Cut): void {
    if (this.#to.writableLength === 0 || this.#to.destroyed) {
      this.#cut(by, how);
      return;
    }
    this.#waitsForSink = true;
    this.#to.write("", () => this.#sinkDrained());
  }

  #cut(by: LaneRule, how: Cut): void {
    this.swallow();
    this.#on.cut(how, by.active);
  }

  #tellAll(): void {
    for (const placed of this.#rules) {
      if (placed.isTold) continue;
      placed.isTold = true;
      this.#on.acted(placed.active);
    }
  }
}

/** Who owns a lane. */
export interface LaneListener {
  /** The sender has ended or reset its direction, and all before it has left. */
  ended(how: "end" | "reset"): void;
  /** Whether who is behind the sink has gone: a write would meet a reset, and cost what is still to be read from there. */
  isDeaf(): boolean;
  /** Bytes came that nobody takes any more. */
  unheard(): void;
  cut(how: Cut, by: ActiveFault): void;
  /** A fault had to do with what passed, for the first time. */
  acted(active: ActiveFault): void;
}

interface LaneRule extends PlacedRule {
  readonly active: ActiveFault;
  isTold: boolean;
}

interface Held {
  readonly what: Buffer | "end" | "reset";
  readonly arrivedAt: number;
}

function headOf({ what, arrivedAt }: Held, offset: number): Head {
  const isBytes = typeof what !== "string";
  return { type: isBytes ? "bytes" : what, offset, sizeBytes: isBytes ? what.length : 0, arrivedAt };
}
