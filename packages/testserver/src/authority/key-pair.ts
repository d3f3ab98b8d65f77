import type { KeyObject } from "node:crypto";

/** A private key with its public half. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
