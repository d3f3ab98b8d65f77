import { randomBytes } from "node:crypto";
import { parseCredentials } from "../../endpoints/authentication/credentials.ts";
import { digestHashes, isDigestProof } from "../../endpoints/authentication/digest-proof.ts";
import { type ProxyGuard, proxyUser } from "./guard.ts";

/** How many nonces are known at a time; the oldest are too old. */
const nonceLimit = 1000;

/** What a proxy asks of those who prove that they know a password. RFC 7616. */
export interface DigestGuardTerms {
  readonly algorithm: "MD5" | "SHA-256";
  /** How often a nonce may be used; then another is asked for, with `stale`. */
  readonly usesOfNonce: number;
}

/** Lets pass who proves to know the password, with a nonce of ours and each time with a higher count. */
export function guardByDigest({ algorithm, usesOfNonce }: DigestGuardTerms): ProxyGuard {
  /** How often each nonce was used. */
  const nonces = new Map<string, number>();
  const challenge = (stale: boolean): string => {
    const nonce = randomBytes(16).toString("base64url");
    nonces.set(nonce, 0);
    const [oldest] = nonces.keys();
    if (nonces.size > nonceLimit && oldest !== undefined) nonces.delete(oldest);
    const terms = `realm="proxy", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`;
    return `Digest ${terms}${stale ? ", stale=true" : ""}`;
  };
  return ({ method = "", url: target = "", headers }) => {
    const credentials = parseCredentials(headers["proxy-authorization"]);
    if (credentials?.scheme !== "digest") return { type: "challenged", challenges: [challenge(false)] };
    const { parameters } = credentials;
    const nonce = parameters.get("nonce") ?? "";
    const isRight =
      parameters.get("username") === proxyUser.username &&
      parameters.get("realm") === "proxy" &&
      isFor(parameters.get("uri") ?? "", target) &&
      parameters.get("qop") === "auth" &&
      isDigestProof(parameters, {
        ...{ ...proxyUser, method, target, content: new Uint8Array(0) },
        hash: digestHashes[algorithm] ?? "sha256",
      });
    if (!isRight) return { type: "challenged", challenges: [challenge(false)] };
    const used = nonces.get(nonce);
    const count = parseInt(parameters.get("nc") ?? "", 16);
    // A count that was there before is somebody who repeats what they overheard.
    if (used === undefined || used >= usesOfNonce || !(count > used)) {
      return { type: "challenged", challenges: [challenge(true)] };
    }
    nonces.set(nonce, count);
    return { type: "admitted" };
  };
}

/** The target as it stands in the request line, or its path alone, which is what curl takes. */
function isFor(uri: string, target: string): boolean {
  if (uri === target) return true;
  const url = URL.parse(target);
  return url !== null && uri.startsWith("/") && uri === url.pathname + url.search;
}
