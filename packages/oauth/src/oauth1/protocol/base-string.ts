import { normalizeParameters, type Parameter } from "./parameters.ts";
import { encodeText } from "./percent-encoding.ts";

/**
 * The URL that is signed, without query: the parser of URLs has brought scheme and host into lower case already, and left
 * out the port that is the scheme's own.
 *
 * @see RFC 5849 section 3.4.1.2
 */
export function baseStringUri({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

/**
 * What is signed of a request.
 *
 * @param parameters all of them, `realm` and `oauth_signature` excepted: those of the query, the field and a form.
 * @see RFC 5849 section 3.4.1.1
 */
export function signatureBaseString(method: string, url: URL, parameters: readonly Parameter[]): string {
  const parts = [method.toUpperCase(), baseStringUri(url), normalizeParameters(parameters)];
  return parts.map(encodeText).join("&");
}
