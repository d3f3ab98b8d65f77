import type { TlsIdentity } from "@fairlead/tls";

/** A client identity, and what connections and tickets are told apart by. */
export interface ClientIdentity {
  readonly identity: TlsIdentity;
  /** From `identityFingerprint`. */
  readonly fingerprint: string;
}

/**
 * What a connection is made by, beside its target. Connections and tickets are shared only where all of it is the same.
 */
export interface ConnectionTerms {
  /** Who the client is; `null` when the application chose to be nobody, `undefined` when it was not asked. */
  readonly identity: ClientIdentity | null | undefined;
  /** Fingerprints of certificates that are let in although verification refuses them. */
  readonly exceptions: readonly string[];
}

/** What every connection is made by before anybody was asked. */
export const NO_TERMS: ConnectionTerms = { identity: undefined, exceptions: [] };

/** Equal exactly for equal terms; empty for none. */
export function termsKey({ identity, exceptions }: ConnectionTerms): string {
  const as = identity === undefined ? "" : ` as ${identity === null ? "nobody" : identity.fingerprint}`;
  return exceptions.length === 0 ? as : `${as} despite ${exceptions.join(" ")}`;
}
