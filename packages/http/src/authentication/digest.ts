import type { UserCredentials } from "./basic.ts";
import type { Challenge } from "./challenge.ts";

/** Hash functions of the scheme Digest. RFC 7616 section 6.1. */
export type DigestHash = "MD5" | "SHA-256" | "SHA-512-256";

/** Hashes bytes, in lower-case hexadecimal. */
export type HashHex = (hash: DigestHash, bytes: Uint8Array) => string;

/** A challenge of the scheme Digest that can be answered. */
export interface DigestChallenge {
  /** The bytes of the field, one character each. */
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly hash: DigestHash;
  /** Whether the session variant is asked for, `-sess`. */
  readonly session: boolean;
  /** Protection to use; `undefined` where the server knows none (RFC 2069). */
  readonly qop: "auth" | "auth-int" | undefined;
  /** The credentials were right and only the nonce was too old: nobody has to be asked. */
  readonly stale: boolean;
  readonly userhash: boolean;
  /** Whether the server knows RFC 7616: it says which characters names are of. */
  readonly namesCharset: boolean;
  /** URIs that the credentials are for, as they came; empty for the whole server. */
  readonly domain: readonly string[];
}

/** The request that is authenticated. */
export interface DigestRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  /** The content; only for `auth-int`, and `undefined` when it cannot be known beforehand. */
  readonly content: Uint8Array | undefined;
}

/** One use of a nonce. */
export interface DigestUse {
  /** How often the nonce has been used, this time included, from 1. */
  readonly nonceCount: number;
  /** Random, at least 128 bits, printable. */
  readonly cnonce: string;
  /** What began the session of a `-sess` algorithm; `undefined` where this use does. RFC 7616 section 3.4.2. */
  readonly session?: DigestSession | undefined;
}

/** What the key of a `-sess` algorithm stays bound to, whatever nonces follow. */
export interface DigestSession {
  readonly nonce: string;
  readonly cnonce: string;
}

/** An answer to a challenge, and what the server's own proof is checked against. */
export interface DigestAnswer {
  /** A value of `Authorization` or `Proxy-Authorization`. */
  readonly credentials: string;
  readonly proof: DigestProof;
}

/** What a server has to know to prove itself. Secret: the password can be guessed by it. */
export interface DigestProof {
  readonly hash: DigestHash;
  readonly qop: DigestChallenge["qop"];
  readonly a1: string;
  /** Nonce, count, cnonce and protection, as they are hashed. */
  readonly use: string;
  readonly target: string;
}

/**
 * Reads a Digest challenge; `undefined` when it lacks something, or asks for what nobody here can do.
 *
 * `auth` is taken before `auth-int`, which needs the whole content beforehand.
 *
 * @see RFC 7616 section 3.3
 */
export function readDigestChallenge({ scheme, parameters }: Challenge): DigestChallenge | undefined {
  const [, name = "", session] =
    /^(md5|sha-256|sha-512-256)(-sess)?$/i.exec(parameters.get("algorithm") ?? "MD5") ?? [];
  const hash = hashes.get(name.toUpperCase());
  const realm = parameters.get("realm");
  const nonce = parameters.get("nonce");
  if (scheme !== "digest" || hash === undefined || realm === undefined || nonce === undefined) return undefined;
  const offered = parameters
    .get("qop")
    ?.split(",")
    .map((each) => each.trim().toLowerCase());
  const qop = offered?.includes("auth") ? "auth" : offered?.includes("auth-int") ? "auth-int" : undefined;
  if (offered !== undefined && qop === undefined) return undefined;
  return {
    realm,
    nonce,
    hash,
    qop,
    opaque: parameters.get("opaque"),
    session: session !== undefined,
    stale: parameters.get("stale")?.toLowerCase() === "true",
    userhash: parameters.get("userhash")?.toLowerCase() === "true",
    namesCharset: parameters.get("charset")?.toLowerCase() === "utf-8",
    domain: parameters.get("domain")?.split(/ +/).filter(Boolean) ?? [],
  };
}

/**
 * Answers a challenge; `undefined` when `auth-int` is asked for and the content is not known.
 *
 * @see RFC 7616 section 3.4
 */
export function answerDigest(
  challenge: DigestChallenge,
  request: DigestRequest,
  { username, password }: UserCredentials,
  { nonceCount, cnonce, session }: DigestUse,
  hashHex: HashHex,
): DigestAnswer | undefined {
  const { realm, nonce, opaque, qop, hash, userhash } = challenge;
  const { method, target, content } = request;
  if (qop === "auth-int" && content === undefined) return undefined;
  const name = username.normalize("NFC");
  const secret = hashHex(hash, join(utf8(`${name}:`), bytesOf(realm), utf8(`:${password.normalize("NFC")}`)));
  const begun = session ?? { nonce, cnonce };
  const a1 = challenge.session ? hashHex(hash, bytesOf(`${secret}:${begun.nonce}:${begun.cnonce}`)) : secret;
  const count = nonceCount.toString(16).padStart(8, "0");
  const use = qop === undefined ? nonce : `${nonce}:${count}:${cnonce}:${qop}`;
  const proof = { hash, qop, a1, use, target };
  const contentHash = qop === "auth-int" ? hashHex(hash, content ?? new Uint8Array()) : "";
  return {
    proof,
    credentials: `Digest ${[
      ...(userhash
        ? [`username=${quote(hashHex(hash, join(utf8(`${name}:`), bytesOf(realm))))}`, "userhash=true"]
        : [userField(name, challenge.namesCharset)]),
      `realm=${quote(realm)}`,
      `uri=${quote(target)}`,
      `algorithm=${hash}${challenge.session ? "-sess" : ""}`,
      `nonce=${quote(nonce)}`,
      ...(qop === undefined ? [] : [`nc=${count}`, `cnonce=${quote(cnonce)}`, `qop=${qop}`]),
      `response=${quote(digestOf(proof, method, contentHash, hashHex))}`,
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ].join(", ")}`,
  };
}

/**
 * What `rspauth` of `Authentication-Info` has to be for the server to know the password, too.
 *
 * @param contentHash of the response's content, by the proof's hash; needed for `auth-int` only.
 * @see RFC 7616 section 3.5
 */
export function expectedResponseAuth(proof: DigestProof, contentHash: string, hashHex: HashHex): string {
  return digestOf(proof, "", contentHash, hashHex);
}

/**
 * Tells whether a URL is one that the credentials of a challenge are for; those that it names on other origins count for
 * nothing, since credentials never leave theirs.
 *
 * @see RFC 7616 section 3.3, "domain"
 */
export function isWithinDigestDomain(domain: readonly string[], challenged: URL, next: URL): boolean {
  if (challenged.origin !== next.origin) return false;
  return (
    domain.length === 0 ||
    domain.some((each) => {
      const space = URL.parse(each, challenged.href);
      if (space?.origin !== next.origin) return false;
      const folder = space.pathname.endsWith("/") ? space.pathname : `${space.pathname}/`;
      return next.pathname === space.pathname || next.pathname.startsWith(folder);
    })
  );
}

const hashes: ReadonlyMap<string, DigestHash> = new Map([
  ["MD5", "MD5"],
  ["SHA-256", "SHA-256"],
  ["SHA-512-256", "SHA-512-256"],
]);

/** The request's digest, or, without a method, the response's. RFC 7616 sections 3.4.1, 3.4.3 and 3.5. */
function digestOf(
  { hash, qop, a1, use, target }: DigestProof,
  method: string,
  contentHash: string,
  hashHex: HashHex,
): string {
  const content = qop === "auth-int" ? `:${contentHash}` : "";
  const a2 = hashHex(hash, bytesOf(`${method}:${target}${content}`));
  return hashHex(hash, bytesOf(`${a1}:${use}:${a2}`));
}

/**
 * A name beyond ASCII goes as `username*` (RFC 8187) to servers that know it. Older ones, Apache's among them, take its bytes
 * as they are; no byte of a control character can be among those. RFC 7616 section 3.4, RFC 9110 section 5.6.4.
 */
function userField(name: string, knowsExtended: boolean): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `username=${quote(name)}`;
  if (!knowsExtended && !/\p{Cc}/u.test(name)) return `username=${quote(String.fromCharCode(...utf8(name)))}`;
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `username*=UTF-8''${encoded}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What came in a field, and goes into one, is one byte for each character. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
