/** Something in lenient JSON that JSON does not allow, and that was forgiven. */
export interface Forgiven {
  readonly what:
    | "byte-order-mark"
    | "comment"
    | "trailing-comma"
    | "single-quotes"
    | "unquoted-name"
    | "not-a-number"
    | "infinity"
    | "number-form"
    | "escape-form"
    | "white-space"
    | "duplicate-name";
  /** From 1; where it was met first. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** How often. */
  readonly count: number;
}
