import type { IdentityQuestion, TlsIdentity } from "../contract.ts";

/**
 * Chooses a server's certificate by the name that the client asked for: an exact name before `*.example.com`, which
 * stands for one label. `fallback` is for names that are not listed, and for clients that send none; without it they are
 * refused with the alert `unrecognized_name`.
 *
 * @see RFC 6066 section 3
 */
export function identitiesByName(
  identities: Readonly<Record<string, TlsIdentity>>,
  fallback?: TlsIdentity,
): IdentityQuestion {
  const known = new Map(Object.entries(identities).map(([name, identity]) => [name.toLowerCase(), identity]));
  return ({ serverName }) => {
    if (serverName === undefined) return fallback;
    return known.get(serverName) ?? known.get(serverName.replace(/^[^.]+/, "*")) ?? fallback;
  };
}
