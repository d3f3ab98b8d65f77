import { UsageError } from "@fairlead/core";
import { type CborMap, type CborValue, isCborArray, isCborBytes, isCborMap, readCbor } from "../../protocol/cbor.ts";
import { type CoseAlgorithm, coseAlgorithms, type CoseKeyKind } from "./cose-algorithms.ts";

/** A public key. RFC 9052 section 7. */
export interface CosePublicKey {
  readonly keyId: Uint8Array | undefined;
  /** The only one that it may be used with; `undefined` leaves it to the kind of key. */
  readonly algorithm: CoseAlgorithm | undefined;
  readonly parameters: CoseKeyParameters;
}

/** What a public key is made of. Numbers have the largest byte first. */
export type CoseKeyParameters =
  | { readonly kind: "P-256" | "P-384" | "P-521"; readonly x: Uint8Array; readonly y: Uint8Array }
  | { readonly kind: "Ed25519" | "Ed448"; readonly x: Uint8Array }
  | { readonly kind: "RSA"; readonly modulus: Uint8Array; readonly exponent: Uint8Array };

/**
 * Reads a COSE_Key that verifies signatures. Whether its point is on its curve is for the cryptographic library to say.
 *
 * @throws UsageError COSE_KEY_UNUSABLE for one that is private or symmetric, compressed, or for something else.
 *
 * @see RFC 9052 section 7, RFC 9053 section 7, RFC 8230 section 4
 */
export function readCoseKey(bytes: Uint8Array): CosePublicKey {
  const key = readCbor(bytes);
  if (!isCborMap(key)) throw unusable("no COSE_Key");
  const keyId = key.get(label.keyId);
  if (keyId !== undefined && !isCborBytes(keyId)) throw unusable("key ID");
  const operations = key.get(label.operations);
  if (operations !== undefined && !(isCborArray(operations) && operations.includes(verify))) {
    throw unusable("it is not for verifying");
  }
  const parameters = readParameters(key);
  const number = key.get(label.algorithm);
  if (number === undefined) return { keyId, algorithm: undefined, parameters };
  const algorithm = typeof number === "number" ? coseAlgorithms.get(number) : undefined;
  if (algorithm?.keys.includes(parameters.kind) !== true) throw unusable("algorithm");
  return { keyId, algorithm, parameters };
}

function readParameters(key: CborMap): CoseKeyParameters {
  const type = key.get(label.type);
  if (type === keyType.rsa) {
    const modulus = readBytes(key, -1);
    if (key.has(-3)) throw unusable("it is private");
    return { kind: "RSA", modulus, exponent: readBytes(key, -2) };
  }
  if (type !== keyType.elliptic && type !== keyType.octets) throw unusable("key type");
  if (key.has(-4)) throw unusable("it is private");
  const kind = curves.get(key.get(-1) ?? null);
  if (kind === undefined) throw unusable("curve");
  const [keyTypeOfCurve, coordinateBytes] = curveFacts[kind];
  const x = readBytes(key, -2);
  if (keyTypeOfCurve !== type || x.length !== coordinateBytes) throw unusable("curve");
  if (kind === "Ed25519" || kind === "Ed448") return { kind, x };
  const y = readBytes(key, -3);
  if (y.length !== coordinateBytes) throw unusable("coordinates");
  return { kind, x, y };
}

function readBytes(key: CborMap, name: number): Uint8Array {
  const value: CborValue | undefined = key.get(name);
  if (isCborBytes(value)) return value;
  throw unusable(typeof value === "boolean" ? "its point is compressed" : "coordinates");
}

function unusable(detail: string): UsageError {
  return new UsageError("COSE_KEY_UNUSABLE", { detail });
}

const label = { type: 1, keyId: 2, algorithm: 3, operations: 4 } as const;
const verify = 2;
const keyType = { octets: 1, elliptic: 2, rsa: 3 } as const;
const curveFacts = {
  "P-256": [keyType.elliptic, 32],
  "P-384": [keyType.elliptic, 48],
  "P-521": [keyType.elliptic, 66],
  Ed25519: [keyType.octets, 32],
  Ed448: [keyType.octets, 57],
} as const;
const curves: ReadonlyMap<CborValue, Exclude<CoseKeyKind, "RSA">> = new Map<CborValue, Exclude<CoseKeyKind, "RSA">>([
  [1, "P-256"],
  [2, "P-384"],
  [3, "P-521"],
  [6, "Ed25519"],
  [7, "Ed448"],
]);
