import type { UserCredentials } from "./basic.ts";
import type { Challenge } from "./challenge.ts";

/** Hash functions of the scheme Digest. RFC 7616 section 6.1. */
export type DigestHash = "MD5" | "SHA-256" | "SHA-512-256";

/** Hashes bytes, in lower-case hexadecimal. */
export type HashHex = (hash: DigestHash, bytes: Uint8Array) => string;

/** A challenge of the scheme Digest that can be answered. */
export interface DigestChallenge {
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
}

/** The request that is authenticated. */
export interface DigestRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  /** The content; only for `auth-int`, and `undefined` when it cannot be known beforehand. */
  readonly content: Uint8Array | undefined;
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
  };
}

/**
 * Formats the answer to a challenge, a value of `Authorization` or `Proxy-Authorization`; `undefined` when `auth-int` is
 * asked for and the content is not known.
 *
 * @param nonceCount how often this nonce has been answered, this time included, from 1.
 * @param cnonce random, at least 128 bits, printable.
 * @see RFC 7616 section 3.4
 */
export function digestCredentials(
  challenge: DigestChallenge,
  request: DigestRequest,
  { username, password }: UserCredentials,
  nonceCount: number,
  cnonce: string,
  hashHex: HashHex,
): string | undefined {
  const { realm, nonce, opaque, qop, hash, session, userhash } = challenge;
  if (qop === "auth-int" && request.content === undefined) return undefined;
  const encoder = new TextEncoder();
  const digest = (text: string): string => hashHex(hash, encoder.encode(text));
  const name = username.normalize("NFC");
  const secret = digest(`${name}:${realm}:${password.normalize("NFC")}`);
  const a1 = session ? digest(`${secret}:${nonce}:${cnonce}`) : secret;
  const content = qop === "auth-int" ? `:${hashHex(hash, request.content ?? new Uint8Array())}` : "";
  const a2 = digest(`${request.method}:${request.target}${content}`);
  const count = nonceCount.toString(16).padStart(8, "0");
  const response =
    qop === undefined ? digest(`${a1}:${nonce}:${a2}`) : digest(`${a1}:${nonce}:${count}:${cnonce}:${qop}:${a2}`);
  return `Digest ${[
    ...(userhash ? [`username=${quote(digest(`${name}:${realm}`))}`, "userhash=true"] : [userField(name)]),
    `realm=${quote(realm)}`,
    `uri=${quote(request.target)}`,
    `algorithm=${hash}${session ? "-sess" : ""}`,
    `nonce=${quote(nonce)}`,
    ...(qop === undefined ? [] : [`nc=${count}`, `cnonce=${quote(cnonce)}`, `qop=${qop}`]),
    `response=${quote(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
  ].join(", ")}`;
}

const hashes: ReadonlyMap<string, DigestHash> = new Map([
  ["MD5", "MD5"],
  ["SHA-256", "SHA-256"],
  ["SHA-512-256", "SHA-512-256"],
]);

/** A name beyond ASCII goes as `username*`, RFC 8187. RFC 7616 section 3.4. */
function userField(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `username=${quote(name)}`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `username*=UTF-8''${encoded}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
