import { Http2Fault, type Flood } from "./fault.ts";
import { ErrorCode } from "./frames.ts";

/** Frames of one kind that may come at once, beyond what is paid for. */
const ALLOWANCE = 1_000;
/** The time in which one more of each kind is forgiven. */
const FORGIVEN_EACH_MILLISECONDS = 20;

interface Account {
  spent: number;
  /** What had been earned when it was settled last. */
  settledAt: number;
}

/**
 * Counts the frames that cost work and bring nothing. Each kind has an allowance, which time and real work, such as a
 * response or a part of a body, give back: whoever sends more is flooding.
 */
export class FloodGuard {
  readonly #accounts = new Map<Flood, Account>();
  #work = 0;
  #earnedByTime = 0;

  /** Follows the time, in milliseconds that only ever grow. */
  tick(now: number): void {
    this.#earnedByTime = Math.floor(now / FORGIVEN_EACH_MILLISECONDS);
  }

  /** Real work was done, worth so many frames of each kind. */
  earn(frames: number): void {
    this.#work += frames;
  }

  /**
   * Counts a frame.
   *
   * @param cost for one that causes more work than others.
   * @throws Http2Fault when there were too many of this kind.
   */
  spend(flood: Flood, cost = 1): void {
    const earned = this.#work + this.#earnedByTime;
    const account = this.#accounts.get(flood);
    if (account === undefined) {
      this.#accounts.set(flood, { spent: cost, settledAt: earned });
      return;
    }
    account.spent = Math.max(0, account.spent - (earned - account.settledAt)) + cost;
    account.settledAt = earned;
    if (account.spent > ALLOWANCE) {
      throw new Http2Fault(ErrorCode.enhanceYourCalm, `a flood of ${flood}`, flood);
    }
  }
}
