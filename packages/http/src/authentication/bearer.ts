/**
 * Formats the credentials of the scheme Bearer; `undefined` for a token that is none: it would end the field, or begin
 * another.
 *
 * @see RFC 6750 section 2.1
 */
export function bearerCredentials(token: string): string | undefined {
  return /^[\w\-.~+/]+=*$/.test(token) ? `Bearer ${token}` : undefined;
}
