/** What a key is for: the curve of an elliptic one, or RSA. */
export type CoseKeyKind = "P-256" | "P-384" | "P-521" | "Ed25519" | "Ed448" | "RSA";

/** A way to sign. */
export interface CoseAlgorithm {
  /** As it is registered. */
  readonly name: string;
  /**
   * Keys that may sign so. The older numbers leave the curve open; we take of it what everybody does, so that an algorithm
   * says as much as the fully specified ones of RFC 9864.
   */
  readonly keys: readonly CoseKeyKind[];
  /** As OpenSSL names it; `undefined` where the algorithm has its own. */
  readonly hash: "sha256" | "sha384" | "sha512" | undefined;
}

/** The algorithms that are understood, by their numbers. RFC 9053 section 2, RFC 8230 section 2, RFC 9864 section 2. */
export const coseAlgorithms: ReadonlyMap<number, CoseAlgorithm> = new Map<number, CoseAlgorithm>([
  [-7, { name: "ES256", keys: ["P-256"], hash: "sha256" }],
  [-35, { name: "ES384", keys: ["P-384"], hash: "sha384" }],
  [-36, { name: "ES512", keys: ["P-521"], hash: "sha512" }],
  [-8, { name: "EdDSA", keys: ["Ed25519", "Ed448"], hash: undefined }],
  [-9, { name: "ESP256", keys: ["P-256"], hash: "sha256" }],
  [-51, { name: "ESP384", keys: ["P-384"], hash: "sha384" }],
  [-52, { name: "ESP512", keys: ["P-521"], hash: "sha512" }],
  [-19, { name: "Ed25519", keys: ["Ed25519"], hash: undefined }],
  [-53, { name: "Ed448", keys: ["Ed448"], hash: undefined }],
  [-37, { name: "PS256", keys: ["RSA"], hash: "sha256" }],
]);
