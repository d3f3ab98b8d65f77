/** Addresses of the functions that GnuTLS calls. */
export interface CallbackPointers {
  readonly push: bigint;
  readonly pull: bigint;
  readonly verify: bigint;
  readonly message: bigint;
  readonly retrieve: bigint;
  readonly keyLog: bigint;
  readonly findKey: bigint;
  readonly staple: bigint;
  readonly noteFlight: bigint;
}
