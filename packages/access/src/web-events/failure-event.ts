/** Something failed, as `ErrorEvent` has it: in `error` is what the standard's own events keep to themselves. */
export class FailureEvent extends Event {
  /** With its code, peer and remedy, unless it is what an application ended it with; `undefined` for an end in good order. */
  readonly error: unknown;
  readonly message: string;

  constructor(error: unknown) {
    super("error");
    this.error = error;
    this.message = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  }
}
