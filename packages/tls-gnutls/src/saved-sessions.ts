import type { EngineSession } from "@fairlead/tls/engine";
import { datumBytes, readDatum, type GnuTls } from "./library.ts";
import { writeSession } from "./protocol/remembered-session.ts";
import { alpnProtocol, isTls13 } from "./session-facts.ts";

/** Sessions that can be resumed, from when GnuTLS has one until somebody takes it. */
export class SavedSessions {
  #sessions: EngineSession[] = [];

  /** Copies the session as it is now; GnuTLS's own copy is wiped and freed. */
  keep(gnutls: GnuTls, session: number, serverName: string | undefined): void {
    const datum = Buffer.alloc(datumBytes);
    if (gnutls.gnutls_session_get_data2(session, datum) < 0) return;
    const address = Number(datum.readBigUInt64LE(0));
    const data = readDatum(datum);
    gnutls.memset(address, 0, data.length);
    gnutls.free(address);
    const bytes = writeSession({
      data,
      earlyCapacity: isTls13(gnutls, session) ? gnutls.gnutls_record_get_max_early_data_size(session) : 0,
      alpnProtocol: alpnProtocol(gnutls, session) ?? "",
      serverName: serverName ?? "",
    });
    data.fill(0);
    this.#sessions.push({ bytes, lifetimeSeconds: gnutls.gnutls_db_get_default_cache_expiration() });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  take(): readonly EngineSession[] {
    return this.#sessions.splice(0);
  }
}

const maxSessions = 16;
