import type { GnuTlsSession } from "./gnutls-session.ts";
import type { QueueTransport } from "./queue-transport.ts";

/** What one connection consists of: each part answers GnuTLS where it calls back. */
export interface EngineParts {
  readonly transport: QueueTransport;
  readonly session: GnuTlsSession;
}
