import { createHash, KeyObject, randomUUID, sign, type webcrypto } from "node:crypto";
import { proofClaims } from "./protocol/proof-claims.ts";

/** What a proof is made for. */
export interface ProofTerms {
  readonly method: string;
  readonly url: URL;
  readonly accessToken: string;
  readonly nonce: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A key as it signs, and as it is shown. */
interface Signer {
  readonly privateKey: KeyObject;
  /** The first part of each proof. */
  readonly head: string;
}

const signers = new WeakMap<webcrypto.CryptoKeyPair, Signer>();

/**
 * Makes a proof that its sender has the key which the access token is bound to, by ES256.
 *
 * @see RFC 9449 section 4
 */
export function makeProof(key: webcrypto.CryptoKeyPair, { method, url, accessToken, nonce, now }: ProofTerms): string {
  const { privateKey, head } = signerOf(key);
  const tokenHash = createHash("sha256").update(accessToken).digest("base64url");
  const issuedAt = Math.floor(now / 1_000);
  const content = `${head}.${encode(proofClaims({ method, url, tokenHash, nonce, id: randomUUID(), issuedAt }))}`;
  // RFC 7518 section 3.4: the two numbers, without ASN.1.
  const signature = sign("sha256", Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

function signerOf(key: webcrypto.CryptoKeyPair): Signer {
  const known = signers.get(key);
  if (known !== undefined) return known;
  const { kty, crv, x, y } = KeyObject.from(key.publicKey).export({ format: "jwk" });
  const head = encode({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
  const signer = { privateKey: KeyObject.from(key.privateKey), head };
  signers.set(key, signer);
  return signer;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
