import type { TlsCipher, TlsGroup } from "../../protocol/algorithms.ts";
import type { SessionVersion } from "../../protocol/version.ts";

/**
 * Everything that a ticket is bound to. A resumed session skips the check of the chain (and, in some libraries, of the
 * host), so a ticket may be offered only where all of this is the same as when it was gained.
 */
export interface TicketBindingFacts {
  /** Session bytes are a library's own format: its version is part of the binding. */
  readonly backend: { readonly name: string; readonly library: { readonly name: string; readonly version: string } };
  readonly host: string;
  readonly port: number;
  /** What is sent as Server Name Indication; `undefined` when nothing is. */
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly string[];
  readonly minVersion: SessionVersion;
  readonly maxVersion: SessionVersion;
  /** What was named, in order; a session of a weaker key exchange is not taken up where a stronger is wanted. */
  readonly groups?: readonly TlsGroup[] | undefined;
  readonly ciphers?: readonly TlsCipher[] | undefined;
  /** `none` is what `dangerous.acceptAnyCertificate` leads to. */
  readonly verification: "full" | "none";
  /** From `trustFingerprint`. */
  readonly trust: string;
  /** From `identityFingerprint`, or any other word; `undefined` where no client certificate was asked about. */
  readonly identity: string | undefined;
}

/**
 * Writes the binding as one string: equal exactly when two connections may share a ticket. Printable, holds no secret,
 * and starts with the parts that a person looks for.
 *
 * @see RFC 8446 sections 4.6.1 and C.4; RFC 9525 section 6 is what the resumption skips.
 */
export function ticketBinding(facts: TicketBindingFacts): string {
  // JSON of a list: unambiguous whatever the values hold, and no field can be left out unnoticed.
  return JSON.stringify([
    "ticket-1",
    canonicalHost(facts.host),
    facts.port,
    facts.serverName === undefined ? null : canonicalHost(facts.serverName),
    facts.alpnProtocols,
    facts.minVersion,
    facts.maxVersion,
    facts.verification,
    facts.trust,
    facts.identity ?? null,
    facts.backend.name,
    facts.backend.library.name,
    facts.backend.library.version,
    facts.groups ?? null,
    facts.ciphers ?? null,
  ]);
}

/** Host names are case-insensitive, and a trailing dot names the same host (RFC 1034 section 3.1). */
function canonicalHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}
