import type { EngineSession } from "@fairlead/tls/engine";
import { datumBytes, readDatum, type GnuTls } from "./library.ts";

/** Sessions that can be resumed, from when GnuTLS has one until somebody takes it. */
export class SavedSessions {
  #sessions: EngineSession[] = [];

  /** Copies the session as it is now; GnuTLS's own copy is wiped and freed. */
  keep(gnutls: GnuTls, session: number): void {
    const datum = Buffer.alloc(datumBytes);
    if (gnutls.gnutls_session_get_data2(session, datum) < 0) return;
    const address = Number(datum.readBigUInt64LE(0));
    const bytes = readDatum(datum);
    gnutls.memset(address, 0, bytes.length);
    gnutls.free(address);
    this.#sessions.push({ bytes, lifetimeSeconds: gnutls.gnutls_db_get_default_cache_expiration() });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  take(): readonly EngineSession[] {
    return this.#sessions.splice(0);
  }
}

const maxSessions = 16;
