import type { EngineSession } from "@fairlead/tls/engine";
import { encodeDer, type OpenSsl } from "./library.ts";

/** Sessions that a server gave out, until they are fetched. */
export class KeptSessions {
  readonly #openssl: OpenSsl;
  #sessions: EngineSession[] = [];

  constructor(openssl: OpenSsl) {
    this.#openssl = openssl;
  }

  keep(session: number): void {
    const openssl = this.#openssl;
    if (openssl.SSL_SESSION_is_resumable(session) !== 1) return;
    this.#sessions.push({
      bytes: encodeDer((out) => openssl.i2d_SSL_SESSION(session, out)),
      lifetimeSeconds: openssl.SSL_SESSION_get_ticket_lifetime_hint(session),
    });
    // A server that sends tickets without end is not remembered without end.
    if (this.#sessions.length > maxSessions) this.#sessions.shift();
  }

  take(): readonly EngineSession[] {
    return this.#sessions.splice(0);
  }
}

const maxSessions = 16;
