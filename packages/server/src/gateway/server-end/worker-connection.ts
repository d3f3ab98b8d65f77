import type { Duplex } from "node:stream";
import { FrameLink, type LinkEvents } from "../link/frame-link.ts";
import { readPairs } from "../link/read-pairs.ts";
import {
  CancelReason,
  frameFault,
  FrameType,
  type LogLevel,
  readCancel,
  readCredit,
  readHello,
  readLog,
  readMark,
  readMemoryBytes,
} from "../protocol/index.ts";
import { type CallLink, GatewayCall } from "./gateway-call.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker-call.ts";

/** How a connection to a worker is kept. */
export interface WorkerConnectionOptions {
  /** Requests at once, at the most; the worker may take fewer. */
  readonly requests: number;
  /** Octets of each answer that may come ahead of its reader. */
  readonly windowBytes: number;
  /** From a request to the head of its answer. */
  readonly answerMilliseconds: number;
  /** From CANCEL to the worker's last word, and from PING to PONG. */
  readonly stuckMilliseconds: number;
}

/** What is told of a connection to a worker. */
export interface WorkerConnectionEvents {
  onReady(): void;
  /** There is room for one more request than before. */
  onRoom(): void;
  /** The worker wishes to be replaced. */
  onDrain(): void;
  /** A request was not given up in time: what else the worker has may end well, but it is not what it was. */
  onStuck(): void;
  onLog(level: LogLevel, text: string): void;
  onClosed(error: Error | undefined): void;
}

/** The highest request of a connection. */
const LAST_REQUEST = 0xffff_ffff;

/** The server's end of a connection to a worker. */
export class WorkerConnection {
  readonly #link: FrameLink;
  readonly #events: WorkerConnectionEvents;
  readonly #options: WorkerConnectionOptions;
  readonly #calls = new Map<number, GatewayCall>();
  #callLink: CallLink | undefined;
  #capacity = 0;
  #last = 0;
  #isClosed = false;
  #isDraining = false;
  #mark = 0;
  #pingedAt: number | undefined;
  #memoryBytes = 0;

  constructor(stream: Duplex, options: WorkerConnectionOptions, events: WorkerConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#link = new FrameLink(stream, this.#linkEvents());
    this.#link.writer.hello({ requests: options.requests, windowBytes: options.windowBytes });
    this.#link.flushSoon();
  }

  /** Requests that the worker has, also those that nobody waits for any more. */
  get active(): number {
    return this.#calls.size;
  }

  /** Requests that this worker has had. */
  get requests(): number {
    return this.#last;
  }

  /** Whether it takes one more request. */
  get hasRoom(): boolean {
    return !this.#isClosed && !this.#isDraining && this.#calls.size < this.#capacity && this.#last < LAST_REQUEST;
  }

  /** What the worker said that it takes, by its last PONG; 0 where it does not know. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /**
   * Has the worker answer a request; only where there is room.
   *
   * @returns a promise that rejects with a WorkerFailure.
   */
  call(request: WorkerRequest): Promise<WorkerAnswer> {
    const callLink = this.#callLink;
    if (callLink === undefined || !this.hasRoom) throw new RangeError("this worker has no room");
    this.#last += 1;
    const call = new GatewayCall(this.#last, request, callLink, performance.now());
    this.#calls.set(call.id, call);
    return call.answer;
  }

  /** Asks the worker to finish what it has; the link ends when it has. */
  drain(): void {
    if (this.#isDraining || this.#isClosed) return;
    this.#isDraining = true;
    this.#link.writer.drain();
    this.#link.flushSoon();
    this.#endIfDone();
  }

  destroy(error: Error): void {
    this.#link.destroy(error);
  }

  /** Asks whether the worker is there. */
  ping(): void {
    if (this.#isClosed || this.#pingedAt !== undefined || this.#callLink === undefined) return;
    this.#pingedAt = performance.now();
    this.#mark = (this.#mark + 1) >>> 0;
    this.#link.writer.ping(this.#mark);
    this.#link.flushSoon();
  }

  /** Looks what is late. */
  sweep(now: number): void {
    const { answerMilliseconds, stuckMilliseconds } = this.#options;
    if (this.#pingedAt !== undefined && now - this.#pingedAt > stuckMilliseconds) {
      this.destroy(new Error("the worker did not answer a PING"));
      return;
    }
    for (const call of this.#calls.values()) {
      if (call.cancelledAt !== undefined && now - call.cancelledAt > stuckMilliseconds) this.#events.onStuck();
      if (!call.isWaiting) call.sweepUnread(now);
      else if (now - call.startedAt > answerMilliseconds)
        call.cancel(CancelReason.timedOut, new Error("no answer in time"));
      else call.watch();
    }
  }

  #linkEvents(): LinkEvents {
    return {
      onFrame: (type, flags, request, payload) => {
        this.#onFrame(type, flags, request, payload);
      },
      onData: (request, piece, isEnd) => {
        this.#callOf(request)?.onData(piece, isEnd);
      },
      onClosed: (error) => {
        this.#onClosed(error);
      },
    };
  }

  #onFrame(type: number, flags: number, request: number, payload: Uint8Array): void {
    if (this.#callLink === undefined) {
      // A worker may have something to say of why it does not begin.
      if (type === FrameType.log) this.#onLog(payload);
      else if (type === FrameType.hello) this.#onHello(payload);
      else throw frameFault("a first frame that is no HELLO");
      return;
    }
    switch (type) {
      case FrameType.interim:
        this.#callOf(request)?.onInterim(readPairs(payload));
        return;
      case FrameType.response:
        this.#callOf(request)?.onResponse(readPairs(payload), flags);
        return;
      case FrameType.trailers:
        this.#callOf(request)?.onTrailers(readPairs(payload));
        return;
      case FrameType.credit:
        // It may cross the end of a request, which the worker has said in another thread.
        this.#calls.get(request)?.onCredit(readCredit(payload));
        return;
      case FrameType.cancel: {
        const { reason, detail } = readCancel(payload);
        this.#callOf(request)?.onCancel(reason, detail);
        return;
      }
      case FrameType.pong:
        this.#onPong(payload);
        return;
      case FrameType.drain:
        this.#events.onDrain();
        return;
      case FrameType.log:
        this.#onLog(payload);
        return;
    }
    throw frameFault(`a frame of type ${type}, which is none for a worker to send`);
  }

  /** A worker says nothing of a request after its last word. */
  #callOf(request: number): GatewayCall | undefined {
    const call = this.#calls.get(request);
    if (call === undefined) throw frameFault(`a frame for the request ${request}, which the worker does not have`);
    return call;
  }

  #onHello(payload: Uint8Array): void {
    const { requests, windowBytes } = readHello(payload);
    this.#capacity = Math.min(requests, this.#options.requests);
    this.#callLink = {
      writer: this.#link.writer,
      flushSoon: () => {
        this.#link.flushSoon();
      },
      windowBytes: this.#options.windowBytes,
      workerWindowBytes: windowBytes,
      onOver: ({ id }) => {
        this.#calls.delete(id);
        if (this.#isDraining) this.#endIfDone();
        else this.#events.onRoom();
      },
    };
    this.#events.onReady();
  }

  #onPong(payload: Uint8Array): void {
    if (this.#pingedAt === undefined || readMark(payload) !== this.#mark) throw frameFault("a PONG without its PING");
    this.#pingedAt = undefined;
    this.#memoryBytes = readMemoryBytes(payload);
  }

  #onLog(payload: Uint8Array): void {
    const { level, text } = readLog(payload);
    this.#events.onLog(level, text);
  }

  #endIfDone(): void {
    if (this.#calls.size === 0 && !this.#isClosed) this.#link.end();
  }

  #onClosed(error: Error | undefined): void {
    this.#isClosed = true;
    for (const call of [...this.#calls.values()]) call.onGone(error);
    this.#events.onClosed(error);
  }
}
