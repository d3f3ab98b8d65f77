/** The argument of MAIL and RCPT. */
export interface SmtpPath {
  /** Empty for the null reverse-path of bounces. */
  readonly address: string;
  readonly parameters: readonly string[];
}

/**
 * Reads `FROM:<address> PARAMETER=value`. Lenient about space before the address, as servers are.
 *
 * @see RFC 5321 section 4.1.2
 */
export function readSmtpPath(keyword: "FROM" | "TO", argument: string): SmtpPath | undefined {
  const match = /^(\w+): ?<([^<>\s]{0,320})>((?: [!-~]+)*) ?$/.exec(argument);
  if (match?.[1]?.toUpperCase() !== keyword) return undefined;
  const [, , address = "", parameters = ""] = match;
  return { address, parameters: parameters === "" ? [] : parameters.slice(1).split(" ") };
}
