import { createPublicKey, type JsonWebKeyInput, type KeyObject } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { CoseAlgorithm, CoseKeyKind } from "./protocol/cose-algorithms.ts";
import { type CoseKeyParameters, readCoseKey } from "./protocol/cose-key.ts";

/** A public key that is trusted to have signed. */
export interface CoseVerificationKey {
  /** What messages may name it by; `undefined` where they do not. */
  readonly keyId: Uint8Array | undefined;
  readonly kind: CoseKeyKind;
  /** The only one that it may be used with; `undefined` leaves it to the kind of key. */
  readonly algorithm: CoseAlgorithm | undefined;
  readonly key: KeyObject;
}

/** How a key is called that does not say it itself. */
export interface CoseVerificationKeyOptions {
  /** By default the one in a COSE_Key; other keys have none. */
  readonly keyId?: Uint8Array | undefined;
}

/**
 * Makes a key to verify signatures with.
 *
 * @param source a COSE_Key, a PEM, or a public key of Node's
 *
 * @throws UsageError COSE_KEY_UNUSABLE for a private key as well: a device has no business with it.
 *
 * @example
 * const keys = [coseVerificationKey(await readFile("vendor.pem", "utf8"), { keyId: Buffer.from("vendor-1") })];
 */
export function coseVerificationKey(
  source: Uint8Array | string | KeyObject,
  options: CoseVerificationKeyOptions = {},
): CoseVerificationKey {
  if (source instanceof Uint8Array) {
    const { keyId, algorithm, parameters } = readCoseKey(source);
    const key = makeKey({ key: toJwk(parameters), format: "jwk" });
    return { keyId: options.keyId ?? keyId, kind: kindOf(key), algorithm, key };
  }
  if (typeof source === "string" && source.includes("PRIVATE KEY")) throw unusable("it is private");
  const key = typeof source === "string" ? makeKey(source) : source;
  if (key.type !== "public") throw unusable(`it is ${key.type}`);
  return { keyId: options.keyId, kind: kindOf(key), algorithm: undefined, key };
}

function makeKey(source: string | JsonWebKeyInput): KeyObject {
  try {
    return createPublicKey(source);
  } catch (cause) {
    throw new UsageError("COSE_KEY_UNUSABLE", { cause });
  }
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): CoseKeyKind {
  if (asymmetricKeyType === "ed25519") return "Ed25519";
  if (asymmetricKeyType === "ed448") return "Ed448";
  if (asymmetricKeyType === "rsa") {
    if ((asymmetricKeyDetails?.modulusLength ?? 0) < minModulusBits) throw unusable("its modulus is too short");
    return "RSA";
  }
  const kind = curves.get(asymmetricKeyDetails?.namedCurve ?? "");
  if (asymmetricKeyType !== "ec" || kind === undefined) throw unusable("kind of key");
  return kind;
}

function toJwk(parameters: CoseKeyParameters): JsonWebKeyInput["key"] {
  switch (parameters.kind) {
    case "P-256":
    case "P-384":
    case "P-521":
      return { kty: "EC", crv: parameters.kind, x: base64Url(parameters.x), y: base64Url(parameters.y) };
    case "Ed25519":
    case "Ed448":
      return { kty: "OKP", crv: parameters.kind, x: base64Url(parameters.x) };
    case "RSA":
      return { kty: "RSA", n: base64Url(parameters.modulus), e: base64Url(parameters.exponent) };
  }
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function unusable(detail: string): UsageError {
  return new UsageError("COSE_KEY_UNUSABLE", { detail });
}

const minModulusBits = 2048;
const curves: ReadonlyMap<string, CoseKeyKind> = new Map([
  ["prime256v1", "P-256"],
  ["secp384r1", "P-384"],
  ["secp521r1", "P-521"],
]);
