import { createHash } from "node:crypto";
import { isSame } from "./credentials.ts";

/** Algorithms of the scheme Digest, by their registered names, as OpenSSL calls them. RFC 7616 section 6.1. */
export const digestHashes: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-256": "sha256",
  "SHA-512-256": "sha512-256",
};

/** The user that a proof has to be of, and the request that it has to be for. */
export interface DigestSubject {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly content: Uint8Array;
  /** An OpenSSL name. */
  readonly hash: string;
}

/** Parameters of `Authorization: Digest`, by name. */
export type DigestParameters = ReadonlyMap<string, string>;

/** Whether the response is the one that whoever knows the password sends. RFC 7616 section 3.4.1. */
export function isDigestProof(parameters: DigestParameters, subject: DigestSubject): boolean {
  const response = parameters.get("response");
  return response !== undefined && isSame(response, proofOf(parameters, subject.method, subject));
}

/** `rspauth` of `Authentication-Info`: that the server knows the password, too. RFC 7616 section 3.5. */
export function serverProof(parameters: DigestParameters, subject: DigestSubject, content: Uint8Array): string {
  return proofOf(parameters, "", { ...subject, content });
}

/** What the client sends in place of the name where `userhash` is asked for. RFC 7616 section 3.4.4. */
export function userHash(username: string, realm: string, hash: string): string {
  return hex(hash, `${username}:${realm}`);
}

function proofOf(parameters: DigestParameters, method: string, subject: DigestSubject): string {
  const value = (name: string): string => parameters.get(name) ?? "";
  const { username, password, content, hash } = subject;
  const secret = hex(hash, `${username}:${value("realm")}:${password}`);
  const isSession = /-sess$/i.test(value("algorithm"));
  const a1 = isSession ? hex(hash, `${secret}:${value("nonce")}:${value("cnonce")}`) : secret;
  const qop = parameters.get("qop");
  const body = qop === "auth-int" ? `:${hex(hash, content)}` : "";
  const a2 = hex(hash, `${method}:${value("uri")}${body}`);
  const use = qop === undefined ? "" : `${value("nc")}:${value("cnonce")}:${qop}:`;
  return hex(hash, `${a1}:${value("nonce")}:${use}${a2}`);
}

function hex(hash: string, bytes: string | Uint8Array): string {
  return createHash(hash).update(bytes).digest("hex");
}
