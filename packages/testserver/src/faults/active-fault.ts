import { randomFrom } from "./protocol/random.ts";
import type { SeededFault } from "./parse-fault.ts";

/** How something came to meet a fault. */
export type Meeting = "begins" | "was open";

/** A fault that acts, on one service or several. */
export class ActiveFault {
  /** Counts from 1 in one network. */
  readonly id: number;
  readonly fault: SeededFault;
  #begun = 0;
  #found = 0;
  #hits = 0;

  constructor(id: number, fault: SeededFault) {
    this.id = id;
    this.fault = fault;
  }

  /** Connections, or with datagrams these, that it acted on. */
  get hits(): number {
    return this.#hits;
  }

  /**
   * A connection meets it, one that begins or one that the fault found open. Gives it a number, or `undefined` where it is
   * spared. The two are numbered apart: those that begin are hit alike, however many of earlier ones are about to end.
   */
  meetConnection(when: Meeting): number | undefined {
    const nth = this.#number(when);
    const { seed, probability = 1 } = this.fault;
    return probability < 1 && randomFrom(seed, nth * 4)() >= probability ? undefined : nth;
  }

  /** An endpoint meets it, whose datagrams are hit one by one. */
  meetEndpoint(when: Meeting): number {
    return this.#number(when);
  }

  countHit(): void {
    this.#hits += 1;
  }

  #number(when: Meeting): number {
    if (when === "begins") return (this.#begun += 1);
    this.#found += 1;
    return 2 ** 29 + this.#found;
  }
}
