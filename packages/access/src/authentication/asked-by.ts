/** Who asked, and on whose behalf: nothing that is remembered for one is ever used for another. */
export interface AskedBy {
  readonly role: "origin" | "proxy";
  readonly origin: string;
  readonly partition: string;
  /** Whether its certificate was let in by exception: nobody knows whether it is who it says. */
  readonly isExcepted: boolean;
}
