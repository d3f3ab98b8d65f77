/** Whether the captive portal of a network lets its clients out, as they have it change. */
export class CaptivePortalTerms {
  #isCaptive = true;
  #endsAt = Number.POSITIVE_INFINITY;

  get isCaptive(): boolean {
    return this.#isCaptive;
  }

  /** Sets it without an end. */
  set isCaptive(isCaptive: boolean) {
    this.#isCaptive = isCaptive;
    this.#endsAt = Number.POSITIVE_INFINITY;
  }

  /** Lets clients out until a moment, in milliseconds since the epoch. */
  enter(endsAt: number): void {
    this.#isCaptive = false;
    this.#endsAt = endsAt;
  }

  /** Seconds that are left of the session; 0 while clients are captive, `undefined` where it has no end. */
  secondsLeft(now: number): number | undefined {
    if (this.#isCaptive || now >= this.#endsAt) return 0;
    return Number.isFinite(this.#endsAt) ? Math.ceil((this.#endsAt - now) / 1000) : undefined;
  }
}
