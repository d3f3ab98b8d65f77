import { parseParameters } from "./parameters.ts";
import { decodeText } from "./percent-encoding.ts";

/** Credentials that a server gave: temporary ones, or a token's. */
export interface GivenCredentials {
  readonly token: string;
  /** Secret. */
  readonly tokenSecret: string;
  /** What else it said, such as a user's name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads the form in which a server gives credentials; `undefined` where it gives none, or a parameter twice. An empty secret
 * is one.
 *
 * @see RFC 5849 sections 2.1 and 2.3
 */
export function readCredentials(form: string): GivenCredentials | undefined {
  const values = new Map<string, string>();
  for (const [encodedName, encodedValue] of parseParameters(form)) {
    const [name, value] = [decodeText(encodedName), decodeText(encodedValue)];
    if (name === undefined || value === undefined || values.has(name)) return undefined;
    values.set(name, value);
  }
  const { token, tokenSecret } = { token: values.get("oauth_token"), tokenSecret: values.get("oauth_token_secret") };
  if (token === undefined || token === "" || tokenSecret === undefined) return undefined;
  values.delete("oauth_token");
  values.delete("oauth_token_secret");
  return { token, tokenSecret, parameters: values };
}
