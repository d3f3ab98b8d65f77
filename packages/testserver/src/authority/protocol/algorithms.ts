import { type Der, explicit, integer, nothing, oid, sequence } from "./der.ts";

/** Hashes that certificates are signed with; the last two by those that nobody should trust any more. */
export type SignatureHash = "sha256" | "sha384" | "sha512" | "sha1" | "md5";

/** Kinds of keys, as `node:crypto` names them. */
export type KeyKind = "ec" | "rsa" | "rsa-pss" | "ed25519" | "ed448";

const ecdsa: Readonly<Record<Exclude<SignatureHash, "md5">, string>> = {
  sha1: "1.2.840.10045.4.1",
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
};

const rsa: Readonly<Record<SignatureHash, string>> = {
  md5: "1.2.840.113549.1.1.4",
  sha1: "1.2.840.113549.1.1.5",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};

const hashes: Readonly<Record<SignatureHash, readonly [id: string, sizeBytes: number]>> = {
  md5: ["1.2.840.113549.2.5", 16],
  sha1: ["1.3.14.3.2.26", 20],
  sha256: ["2.16.840.1.101.3.4.2.1", 32],
  sha384: ["2.16.840.1.101.3.4.2.2", 48],
  sha512: ["2.16.840.1.101.3.4.2.3", 64],
};

/** AlgorithmIdentifier of a signature. RFC 5758, RFC 4055, RFC 8410. */
export function signatureAlgorithm(kind: KeyKind, hash: SignatureHash): Der {
  switch (kind) {
    case "ec":
      if (hash === "md5") throw new RangeError("ECDSA with MD5 has no name");
      return sequence(oid(ecdsa[hash]));
    case "rsa":
      return sequence(oid(rsa[hash]), nothing);
    case "rsa-pss":
      return pss(hash);
    case "ed25519":
      return sequence(oid("1.3.101.112"));
    case "ed448":
      return sequence(oid("1.3.101.113"));
  }
}

/** AlgorithmIdentifier of a hash. */
export function hashAlgorithm(hash: SignatureHash): Der {
  return sequence(oid(hashes[hash][0]), nothing);
}

// RFC 4055 section 3.1, the salt as long as the hash.
function pss(hash: SignatureHash): Der {
  const algorithm = hashAlgorithm(hash);
  return sequence(
    oid("1.2.840.113549.1.1.10"),
    sequence(
      explicit(0, algorithm),
      explicit(1, sequence(oid("1.2.840.113549.1.1.8"), algorithm)),
      explicit(2, integer(hashes[hash][1])),
    ),
  );
}
