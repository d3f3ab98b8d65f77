import {
  answerDigest,
  basicCredentials,
  parseChallenges,
  rankChallenges,
  readDigestChallenge,
  type HashHex,
} from "@fairlead/http/authentication";
import { createHash, randomBytes } from "node:crypto";
import type { Proxy } from "@fairlead/http/proxies";

/** Answers a proxy that wants to know who asks. */
export interface ProxyIntroduction {
  /** A value of `Proxy-Authorization` that needs no question; `undefined` where there is none. */
  readonly known: (proxy: Proxy, request: IntroducedRequest) => string | undefined;
  /** The answer to a challenge; `undefined` where nobody has one. */
  readonly answer: (challenge: ProxyChallenge) => Promise<string | undefined>;
}

/** The request to the proxy, which some schemes put into their answers. */
export interface IntroducedRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly uri: string;
}

/** What a proxy wants to know. */
export interface ProxyChallenge extends IntroducedRequest {
  readonly proxy: Proxy;
  /** Lines of `Proxy-Authenticate`. */
  readonly challenges: readonly string[];
  /** Answers that this proxy was given before, for this request. */
  readonly round: number;
  readonly signal: AbortSignal;
}

/** Answers that one proxy is given before it is believed that none will do: NTLM needs two, a wrong password two more. */
export const ANSWERS_LIMIT = 6;

/** Hash functions by the names that `node:crypto` has for them. */
const HASH_NAMES = { MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" } as const;

const hashHex: HashHex = (hash, bytes) => createHash(HASH_NAMES[hash]).update(bytes).digest("hex");

const ABLE = new Set(["basic", "digest"] as const);

/**
 * Introduces the application to proxies by the credentials in their URLs. Whoever wrote them for a proxy without TLS wants
 * them sent there; still they are never sent before the proxy has said which schemes it knows, because it may know Digest.
 */
export const introduceByUrl: ProxyIntroduction = {
  known: () => undefined,
  answer: (challenge) => Promise.resolve(answerByUrl(challenge)),
};

function answerByUrl({ proxy, challenges, method, uri, round }: ProxyChallenge): string | undefined {
  const { credentials } = proxy;
  if (credentials === undefined) return undefined;
  const { ranked } = rankChallenges(parseChallenges(challenges), {
    isPlain: proxy.scheme === "http",
    able: ABLE,
    refuses: () => false,
  });
  const digest = ranked[0] && readDigestChallenge(ranked[0].challenge);
  // Whoever answers a wrong password with the same one again is told no again.
  if (ranked[0] === undefined || (round > 0 && digest?.stale !== true)) return undefined;
  if (digest === undefined) return basicCredentials(credentials);
  const use = { nonceCount: 1, cnonce: randomBytes(16).toString("hex") };
  return answerDigest(digest, { method, target: uri, content: undefined }, credentials, use, hashHex)?.credentials;
}
