import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { group } from "./protocol/code-points.ts";

/** Our half of a key agreement, and what comes of it with the peer's. */
export interface KeyAgreement {
  readonly publicKey: Uint8Array;
  /** @throws what Node.js finds wrong with a key that is none. */
  readonly agree: (peerKey: Uint8Array) => Uint8Array;
}

/** Makes an ephemeral key of X25519 or P-256. RFC 8446 section 7.4. */
export function keyAgreement(of: number): KeyAgreement {
  return of === group.x25519 ? agreeByX25519() : agreeByP256();
}

function agreeByP256(): KeyAgreement {
  const ecdh = createECDH("prime256v1");
  return { publicKey: ecdh.generateKeys(), agree: (peerKey) => ecdh.computeSecret(peerKey) };
}

function agreeByX25519(): KeyAgreement {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  return {
    publicKey: Buffer.from(x, "base64url"),
    agree(peerKey) {
      const jwk = { kty: "OKP", crv: "X25519", x: Buffer.from(peerKey).toString("base64url") };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: "jwk" }) });
    },
  };
}
