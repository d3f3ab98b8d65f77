import type { ActiveFault } from "./active-fault.ts";
import { datagramChance, type DatagramRule, datagramRule, type Flight } from "./protocol/datagram-rules.ts";
import type { Random } from "./protocol/random.ts";

/** How much is on its way at one time in one direction; what comes beyond is lost, as in a router. */
const flyingLimitBytes = 1_048_576;
const flyingLimitDatagrams = 4_096;

/** The way of datagrams in one direction: takes each, and delivers what the rules make of it, when they do. */
export class FlightPath<Route> {
  readonly #direction: "up" | "down";
  readonly #tell: (active: ActiveFault, route: Route) => void;
  readonly #deliver: (bytes: Buffer, route: Route) => void;
  #rules: readonly FlightRule<Route>[] = [];
  /** In the order in which they land. */
  #flying: Flight<Route>[] = [];
  #flyingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    direction: "up" | "down",
    tell: (active: ActiveFault, route: Route) => void,
    deliver: (bytes: Buffer, route: Route) => void,
  ) {
    this.#direction = direction;
    this.#tell = tell;
    this.#deliver = deliver;
  }

  /** A fault comes, which this is the nth endpoint to meet. */
  meet(active: ActiveFault, nth: number): void {
    const { fault } = active;
    const { direction = "down", probability = 1, seed } = { direction: undefined, ...fault };
    if (direction !== this.#direction && direction !== "both") return;
    const random = datagramChance(seed, nth, this.#direction);
    const rule = datagramRule<Route>(fault, random, performance.now());
    if (rule !== undefined) this.#rules = [...this.#rules, { active, rule, random, probability }];
  }

  /** A fault goes; what is on its way arrives when it would have, and what waited goes on. */
  leave(active: ActiveFault): void {
    const index = this.#rules.findIndex((each) => each.active === active);
    const waiting = this.#rules[index]?.rule.expire?.() ?? [];
    for (const flight of waiting) this.#carry({ ...flight, at: performance.now() }, index + 1);
    this.#rules = this.#rules.filter((each) => each.active !== active);
    this.#land();
  }

  /** A datagram comes. */
  take(bytes: Uint8Array, route: Route): void {
    if (this.#rules.length === 0 && this.#flying.length === 0) this.#deliver(asBuffer(bytes), route);
    else {
      this.#carry({ bytes, at: performance.now(), route }, 0);
      this.#land();
    }
  }

  /** Forgets what is on its way. */
  end(): void {
    clearTimeout(this.#timer);
    this.#rules = [];
    this.#flying = [];
    this.#flyingBytes = 0;
  }

  /** Takes a flight through the rules from one of them on. */
  #carry(flight: Flight<Route>, from: number): void {
    let flights: readonly Flight<Route>[] = [flight];
    for (const placed of this.#rules.slice(from)) {
      // After each rule and not only at the end: faults that duplicate what others duplicate make many of one.
      flights = this.#withinLimits(flights.flatMap((each) => this.#apply(placed, each)));
    }
    for (const each of this.#withinLimits(flights)) this.#fly(each);
  }

  #apply({ active, rule, random, probability }: FlightRule<Route>, flight: Flight<Route>): readonly Flight<Route>[] {
    const isHit = probability === 1 || random() < probability;
    if (!isHit) return rule.spare?.(flight) ?? [flight];
    active.countHit();
    this.#tell(active, flight.route);
    return rule.carry(flight);
  }

  /** As many as may still be on their way. */
  #withinLimits(flights: readonly Flight<Route>[]): readonly Flight<Route>[] {
    let left = flyingLimitBytes - this.#flyingBytes;
    return flights.slice(0, Math.max(0, flyingLimitDatagrams - this.#flying.length)).filter(({ bytes }) => {
      if (bytes.length > left) return false;
      left -= bytes.length;
      return true;
    });
  }

  #fly(flight: Flight<Route>): void {
    const behind = this.#flying.findLastIndex(({ at }) => at <= flight.at);
    this.#flying.splice(behind + 1, 0, flight);
    this.#flyingBytes += flight.bytes.length;
  }

  /** Delivers what has landed, and sets the timer for the next. */
  #land(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    for (const [index, { rule }] of this.#rules.entries()) {
      if ((rule.dueAt?.() ?? Number.POSITIVE_INFINITY) > now) continue;
      for (const flight of rule.expire?.() ?? []) this.#carry(flight, index + 1);
    }
    for (let first = this.#flying[0]; first !== undefined && first.at <= now; first = this.#flying[0]) {
      this.#flying.shift();
      this.#flyingBytes -= first.bytes.length;
      this.#deliver(asBuffer(first.bytes), first.route);
    }
    const waits = this.#rules.map(({ rule }) => rule.dueAt?.() ?? Number.POSITIVE_INFINITY);
    const next = Math.min(this.#flying[0]?.at ?? Number.POSITIVE_INFINITY, ...waits);
    if (next !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#land(), Math.ceil(next - now));
  }
}

interface FlightRule<Route> {
  readonly active: ActiveFault;
  readonly rule: DatagramRule<Route>;
  readonly random: Random;
  readonly probability: number;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
