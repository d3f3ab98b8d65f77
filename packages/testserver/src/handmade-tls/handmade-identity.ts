import { createPrivateKey, type KeyObject } from "node:crypto";
import { fromPem } from "../authority/pem.ts";

/** A certificate on P-256 with its key, as handshakes by hand take it. */
export interface HandmadeIdentity {
  /** DER, the leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly privateKey: KeyObject;
}

/** Takes PEM apart; what is in it may be no certificate. */
export function readIdentity(pem: { readonly certificate: string; readonly privateKey: string }): HandmadeIdentity {
  return {
    chain: fromPem(pem.certificate),
    privateKey: createPrivateKey(pem.privateKey),
  };
}
