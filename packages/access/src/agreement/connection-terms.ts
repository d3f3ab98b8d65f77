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
  /** What is let in although verification refuses it, by `exceptionKey`. */
  readonly exceptions: readonly string[];
  /** Who the server takes the client for, by authentication that is of the connection; `undefined` for nobody. */
  readonly authenticatedAs: string | undefined;
}

/** What every connection is made by before anybody was asked. */
export const NO_TERMS: ConnectionTerms = { identity: undefined, exceptions: [], authenticatedAs: undefined };

/** Equal exactly for equal terms; empty for none. */
export function termsKey({ identity, exceptions, authenticatedAs }: ConnectionTerms): string {
  const as = identity === undefined ? "" : ` as ${identity === null ? "nobody" : identity.fingerprint}`;
  const despite = exceptions.length === 0 ? "" : ` despite ${exceptions.join(" ")}`;
  // Last and quoted, since a user's name may be anything.
  return as + despite + (authenticatedAs === undefined ? "" : ` authenticated ${JSON.stringify(authenticatedAs)}`);
}
