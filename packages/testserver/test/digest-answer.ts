import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { RawResponse } from "./raw-client.ts";

/** Parameters of a challenge, by name. */
export type ChallengeParameters = Readonly<Record<string, string | undefined>>;

/** Takes the one challenge of a response apart, which must be of the scheme Digest. */
export function digestParameters(response: RawResponse): ChallengeParameters {
  const [field = ""] = response.field("www-authenticate");
  assert.match(field, /^Digest /);
  return Object.fromEntries(
    [...field.matchAll(/(\w+)=(?:"([^"]*)"|([\w-]+))/g)].map(([, name = "", quoted, token]) => [name, quoted ?? token]),
  );
}

/** What a request answers with, for the user `me`. */
export interface DigestUse {
  readonly target: string;
  /** An OpenSSL name. */
  readonly hash: string;
  readonly qop: string | undefined;
  readonly body: string;
  readonly password?: string;
  /** Eight hexadecimal digits. */
  readonly count?: string;
}

/** The field that answers a challenge: RFC 7616 section 3.4.1, written down a second time. */
export function digestAnswer(parameters: ChallengeParameters, use: DigestUse): string {
  const { target, hash, qop, body, password = "secret", count = "00000001" } = use;
  const hex = (text: string): string => createHash(hash).update(text).digest("hex");
  const { realm = "", nonce = "", opaque = "", algorithm = "", userhash } = parameters;
  const secret = hex(`me:${realm}:${password}`);
  const a1 = algorithm.endsWith("-sess") ? hex(`${secret}:${nonce}:0a4f`) : secret;
  const a2 = hex(`GET:${target}${qop === "auth-int" ? `:${hex(body)}` : ""}`);
  const response = hex(qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${count}:0a4f:${qop}:${a2}`);
  const used = qop === undefined ? "" : `, qop=${qop}, nc=${count}, cnonce="0a4f"`;
  const name = userhash === "true" ? `username="${hex(`me:${realm}`)}", userhash=true` : 'username="me"';
  return (
    `Authorization: Digest ${name}, realm="${realm}", nonce="${nonce}", uri="${target}", ` +
    `response="${response}", opaque="${opaque}", algorithm=${algorithm}${used}`
  );
}
