import type { ActiveFault, Meeting } from "./active-fault.ts";

/** What faults act on: the way of one connection, or of all datagrams of a service. */
export interface FaultTarget {
  meet(active: ActiveFault, when: Meeting): void;
  leave(active: ActiveFault): void;
  /** Ends it without farewell. */
  end(): void;
}

/** The faults of one service, while it runs. */
export class FaultSet {
  readonly #active = new Set<ActiveFault>();
  readonly #targets = new Set<FaultTarget>();
  #areHeeded: boolean;
  #isEnded = false;

  constructor(options: { readonly areHeeded: boolean }) {
    this.#areHeeded = options.areHeeded;
  }

  /**
   * Whether connections must go where faults can act on them. From the first fault on they all do; before, only where it
   * was asked for.
   */
  get areHeeded(): boolean {
    return this.#areHeeded;
  }

  /** Those that act now, in the order in which they came. */
  get active(): Iterable<ActiveFault> {
    return this.#active;
  }

  add(active: ActiveFault): void {
    this.#areHeeded = true;
    this.#active.add(active);
    for (const target of this.#targets) target.meet(active, "was open");
  }

  remove(active: ActiveFault): void {
    if (!this.#active.delete(active)) return;
    for (const target of this.#targets) target.leave(active);
  }

  /** Has a target meet all faults that there are, and those to come, until the function that it returns is called. */
  join(target: FaultTarget): () => void {
    this.#targets.add(target);
    for (const active of this.#active) target.meet(active, "begins");
    if (this.#isEnded) target.end();
    return () => this.#targets.delete(target);
  }

  /** Ends all that goes through the faults, now and from now on. */
  endAll(): void {
    this.#isEnded = true;
    for (const target of [...this.#targets]) target.end();
  }
}
