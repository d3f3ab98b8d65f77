import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A pair of keys; making one costs less than a millisecond. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What a certificate says; the rest is as RFC 5280 asks of its kind. */
export interface Minted {
  readonly subject: string;
  readonly keys: Keys;
  /** Who signs; itself by default. */
  readonly by?: { readonly subject: string; readonly keys: Keys };
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** DNS names. */
  readonly names?: readonly string[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly serial?: number;
  readonly extendedKeyUsage?: readonly string[];
  /** Replaces or, with `undefined`, leaves out extensions, by object identifier. */
  readonly extensions?: Readonly<Record<string, { readonly critical?: boolean; readonly value: Buffer } | undefined>>;
  /** Extensions as they are to be written, after the others. */
  readonly more?: readonly Buffer[];
  /** `sha256` by default. */
  readonly hash?: "sha1" | "sha256" | "sha512";
}

/** Makes a pair on P-256. */
export function mintKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** Makes a certificate with a writer of its own, so that it can be wrong in any way. */
export function mint(facts: Minted): Buffer {
  const by = facts.by ?? facts;
  const extensions = Object.entries({ ...usualExtensions(facts, by), ...facts.extensions }).flatMap(
    ([id, extension]) =>
      extension === undefined
        ? []
        : [
            der(
              0x30,
              oid(id),
              ...(extension.critical === true ? [der(0x01, Buffer.of(0xff))] : []),
              der(0x04, extension.value),
            ),
          ],
  );
  const content = [
    der(0xa0, integer(2)),
    integer(facts.serial ?? 1),
    algorithmOf(by.keys, facts.hash),
    name(by.subject),
    der(0x30, time(facts.notBefore ?? "2020-01-01"), time(facts.notAfter ?? "2040-01-01")),
    name(facts.subject),
    spki(facts.keys),
    der(0xa3, der(0x30, ...extensions, ...(facts.more ?? []))),
  ];
  return signed(der(0x30, ...content), by.keys, facts.hash);
}

/** Wraps what is to be signed together with its signature. */
export function signed(
  content: Buffer,
  keys: Keys,
  hash: "sha1" | "sha256" | "sha512" = "sha256",
  more: readonly Buffer[] = [],
): Buffer {
  const plain = keys.privateKey.asymmetricKeyType === "ed25519";
  const signature = sign(plain ? null : hash, content, keys.privateKey);
  return der(0x30, content, algorithmOf(keys, hash), bits(signature), ...more);
}

/** Writes one element. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, content]);
}

/** Writes an OBJECT IDENTIFIER. */
export function oid(dots: string): Buffer {
  const [first = 0, second = 0, ...rest] = dots.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128)) groups.unshift((more % 128) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

/** Writes an INTEGER that is not negative. */
export function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.of(0)] : []), bytes);
}

/** Writes a GeneralizedTime of an ISO date or date and time. */
export function time(iso: string): Buffer {
  return der(0x18, Buffer.from(`${new Date(iso).toISOString().replace(/\D/g, "").slice(0, 14)}Z`));
}

/** Writes a name of one common name; none for an empty text. */
export function name(commonName: string): Buffer {
  if (commonName === "") return der(0x30);
  return der(0x30, der(0x31, der(0x30, oid("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
}

/** Writes a BIT STRING of whole octets. */
export function bits(bytes: Uint8Array): Buffer {
  return der(0x03, Buffer.of(0), bytes);
}

/** SubjectPublicKeyInfo. */
export function spki(keys: Keys): Buffer {
  return keys.publicKey.export({ format: "der", type: "spki" });
}

/** Writes dNSName. */
export function dns(text: string): Buffer {
  return der(0x82, Buffer.from(text, "latin1"));
}

/** The AlgorithmIdentifier with which these keys sign. */
export function algorithmOf(keys: Keys, hash: "sha1" | "sha256" | "sha512" = "sha256"): Buffer {
  if (keys.privateKey.asymmetricKeyType === "ed25519") return der(0x30, oid("1.3.101.112"));
  if (keys.privateKey.asymmetricKeyType === "rsa") {
    const arc = { sha1: 5, sha256: 11, sha512: 13 }[hash];
    return der(0x30, oid(`1.2.840.113549.1.1.${String(arc)}`), der(0x05));
  }
  return der(
    0x30,
    oid({ sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2", sha512: "1.2.840.10045.4.3.4" }[hash]),
  );
}

function usualExtensions(facts: Minted, by: { readonly keys: Keys }): Minted["extensions"] {
  const { ca = false, pathLength, names = [], extendedKeyUsage = [] } = facts;
  const usage = ca ? Buffer.of(0x03, 0x02, 0x01, 0x06) : Buffer.of(0x03, 0x02, 0x07, 0x80);
  const constraints = der(0x30, der(0x01, Buffer.of(0xff)), ...(pathLength === undefined ? [] : [integer(pathLength)]));
  return {
    "2.5.29.14": { value: der(0x04, keyIdentifier(facts.keys)) },
    "2.5.29.35": { value: der(0x30, der(0x80, keyIdentifier(by.keys))) },
    "2.5.29.15": { critical: true, value: usage },
    ...(ca ? { "2.5.29.19": { critical: true, value: constraints } } : {}),
    ...(names.length === 0
      ? {}
      : { "2.5.29.17": { critical: facts.subject === "", value: der(0x30, ...names.map(dns)) } }),
    ...(extendedKeyUsage.length === 0 ? {} : { "2.5.29.37": { value: der(0x30, ...extendedKeyUsage.map(oid)) } }),
  };
}

function keyIdentifier(keys: Keys): Buffer {
  return createHash("sha256").update(spki(keys)).digest().subarray(0, 20);
}
