import { BadRequest } from "../bad-request.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { parseCredentials } from "./credentials.ts";
import { type DigestParameters, digestHashes, isDigestProof, serverProof, userHash } from "./digest-proof.ts";

const REALM = "fairlead test";
const OPAQUE = "an opaque value";

/** Digest as RFC 7616 has it: the server counts the uses of each nonce, and proves itself, too. */
export const digestEndpoint: Endpoint = {
  path: "/auth/digest/:user/:password?algorithm=SHA-256&qop=auth&userhash=no&uses=0",
  does: "asks for Digest by MD5, SHA-256, SHA-512-256 or -sess of them; after so many uses a nonce is stale",
  example: "/auth/digest/user/secret?algorithm=SHA-256&qop=auth-int&userhash=yes&uses=2",
  handle: (exchange) => {
    const terms = termsOf(exchange);
    const { scheme, parameters } = parseCredentials(exchange.request.headers.authorization) ?? {};
    if (scheme !== "digest" || parameters === undefined) challenge(exchange, terms, false);
    else judge(exchange, terms, parameters);
  },
};

interface DigestTerms {
  readonly algorithm: string;
  /** An OpenSSL name. */
  readonly hash: string;
  readonly qop: string;
  readonly hidesUser: boolean;
  readonly uses: number;
}

function termsOf(exchange: Exchange): DigestTerms {
  const algorithm = exchange.text("algorithm", "SHA-256");
  const hash = digestHashes[algorithm.replace(/-sess$/, "")];
  const qop = exchange.text("qop", "auth");
  if (hash === undefined) throw new BadRequest(`"algorithm" takes ${Object.keys(digestHashes).join(", ")}, -sess`);
  if (!/^(?:auth|auth-int|auth,auth-int)$/.test(qop)) throw new BadRequest('"qop" takes auth, auth-int, or both');
  const hidesUser = exchange.text("userhash", "no") === "yes";
  return { algorithm, hash, qop, hidesUser, uses: exchange.integer("uses", { min: 0, max: 1_000_000, otherwise: 0 }) };
}

function judge(exchange: Exchange, terms: DigestTerms, parameters: DigestParameters): void {
  const { recorded, body, surroundings } = exchange;
  const [username, value] = [exchange.text("user"), (name: string): string => parameters.get(name) ?? ""];
  const named = terms.hidesUser && value("userhash") === "true" ? userHash(username, REALM, terms.hash) : username;
  const subject = {
    ...{ username, password: exchange.text("password"), method: recorded.method, target: recorded.target },
    ...{ content: body, hash: terms.hash },
  };
  const isOurs = value("realm") === REALM && value("opaque") === OPAQUE && value("uri") === recorded.target;
  const isAllowed = terms.qop.split(",").includes(value("qop")) && value("algorithm") === terms.algorithm;
  if (!isOurs || !isAllowed || value("username") !== named || !isDigestProof(parameters, subject)) {
    challenge(exchange, terms, false);
    return;
  }
  const count = /^[0-9a-f]{8}$/i.test(value("nc")) ? Number.parseInt(value("nc"), 16) : 0;
  if (surroundings.authentication.useNonce(value("nonce"), count, terms.uses) === "stale") {
    challenge(exchange, terms, true);
    return;
  }
  const text = `${JSON.stringify({ authenticated: true, user: username, nonceCount: count }, null, 2)}\n`;
  const info = [
    `rspauth="${serverProof(parameters, subject, Buffer.from(text))}"`,
    `qop=${value("qop")}, cnonce="${value("cnonce").replace(/["\\]/g, "\\$&")}", nc=${value("nc")}`,
  ];
  exchange.send(200, { "content-type": "application/json", "authentication-info": info.join(", ") }, text);
}

function challenge(exchange: Exchange, { algorithm, qop, hidesUser }: DigestTerms, isStale: boolean): void {
  const parameters = [
    `realm="${REALM}", qop="${qop}", algorithm=${algorithm}`,
    `nonce="${exchange.surroundings.authentication.newNonce()}", opaque="${OPAQUE}", charset=UTF-8`,
    ...(hidesUser ? ["userhash=true"] : []),
    ...(isStale ? ["stale=true"] : []),
  ];
  exchange.sendLine(401, isStale ? "the nonce is stale" : "log in", {
    "www-authenticate": `Digest ${parameters.join(", ")}`,
  });
}
