import type { UserCredentials } from "../authentication/index.ts";
import type { NtlmUser } from "./response.ts";

/**
 * Finds domain and name in what the user typed: `DOMAIN\name`, or `name@domain`, which is sent whole and without a domain
 * because only the server knows what it stands for.
 *
 * @see MS-NLMP section 2.2.1.3, DomainName
 */
export function ntlmUser({ username, password }: UserCredentials): NtlmUser {
  const [, domain = "", name = username] = /^([^\\]*)\\(.*)$/s.exec(username) ?? [];
  return { domain, username: name, password };
}
