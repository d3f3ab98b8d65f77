/** Addresses of the functions that OpenSSL calls. */
export interface CallbackPointers {
  readonly newSession: bigint;
  readonly verify: bigint;
  readonly selectAlpn: bigint;
  readonly chooseCertificate: bigint;
  readonly extendTicket: bigint;
  readonly staple: bigint;
  readonly keyLog: bigint;
  readonly offerPsk: bigint;
  readonly lookUpPsk: bigint;
  readonly findPsk: bigint;
}
