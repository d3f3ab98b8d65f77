import type { TlsBackend } from "@fairlead/tls";
import { ArgumentsError } from "../arguments.ts";

/** Names that `--tls-backend` takes. */
export const tlsBackendNames = ["node", "openssl", "gnutls"] as const;

/** One of them. */
export type TlsBackendName = (typeof tlsBackendNames)[number];

/**
 * Loads a backend when it is asked for, since each costs time to load.
 *
 * @throws TlsError TLS_LIBRARY_UNAVAILABLE, which says how to install it.
 */
export async function loadTlsBackend(name: TlsBackendName): Promise<TlsBackend> {
  switch (name) {
    case "node":
      return (await import("@fairlead/tls/node")).nodeTls;
    case "openssl":
      return (await import("@fairlead/tls-openssl")).loadOpensslTls();
    case "gnutls":
      return (await import("@fairlead/tls-gnutls")).loadGnutlsTls();
  }
}

/** Reads what `--tls-backend` was given. @throws ArgumentsError */
export function tlsBackendName(name: string): TlsBackendName {
  const backend = tlsBackendNames.find((known) => known === name);
  if (backend !== undefined) return backend;
  const names = tlsBackendNames.join(", ");
  throw new ArgumentsError(`--tls-backend takes ${names}, not ${JSON.stringify(name)}`);
}
