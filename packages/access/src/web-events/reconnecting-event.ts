/** A connection was lost, or could not be opened, and is opened again after a while. */
export class ReconnectingEvent extends Event {
  /** Counts from 1 since it was open last. */
  readonly attempt: number;
  readonly afterMilliseconds: number;
  /** What it was lost to; `undefined` where the peer took its leave in good order. */
  readonly error: unknown;

  constructor(attempt: number, afterMilliseconds: number, error: unknown) {
    super("reconnecting");
    this.attempt = attempt;
    this.afterMilliseconds = afterMilliseconds;
    this.error = error;
  }
}
