import { EngineFailure, type EngineClientOptions, type EngineFacts, type PlaintextSlab } from "@fairlead/tls/engine";
import { describe } from "./gnutls-errors.ts";
import { addressOf, type GnuTls } from "./library.ts";
import type { RememberedSession } from "./protocol/remembered-session.ts";

/** What a client sends before its handshake. RFC 8446 section 2.3 */
export class EarlySender {
  readonly #gnutls: GnuTls;
  readonly #session: number;
  #left: number;
  #hasSent = false;

  constructor(gnutls: GnuTls, session: number, capacity: number) {
    this.#gnutls = gnutls;
    this.#session = session;
    this.#left = capacity;
  }

  /** Bytes that may be sent still. */
  get capacity(): number {
    return this.#left;
  }

  /** GnuTLS keeps a copy until the handshake begins. */
  send(bytes: Uint8Array): void {
    const code =
      bytes.length > this.#left
        ? recordLimitReached
        : this.#gnutls.gnutls_record_send_early_data(this.#session, addressOf(bytes), bytes.length);
    if (code < 0) throw new EngineFailure({ type: "library", detail: `early data: ${describe(this.#gnutls, code)}` });
    this.#left -= bytes.length;
    this.#hasSent = true;
  }

  /** What became of it, when the handshake is over. */
  get status(): NonNullable<EngineFacts["earlyData"]> {
    if (!this.#hasSent) return "none";
    return (this.#gnutls.gnutls_session_get_flags(this.#session) & earlyDataAccepted) === 0 ? "rejected" : "accepted";
  }
}

/** What a server takes before the handshake is over. GnuTLS keeps what is more than was allowed out of it. */
export class EarlyReceiver {
  readonly #gnutls: GnuTls;
  readonly #session: number;
  readonly #parts: Buffer[] = [];
  #received = 0;

  constructor(gnutls: GnuTls, session: number) {
    this.#gnutls = gnutls;
    this.#session = session;
  }

  /** Bytes so far. */
  get received(): number {
    return this.#received;
  }

  /** Takes what GnuTLS has by now. */
  collect(plaintext: PlaintextSlab): void {
    for (;;) {
      const { address, size } = plaintext.open();
      const length = this.#gnutls.gnutls_record_recv_early_data(this.#session, address, size);
      if (length <= 0) return;
      this.#received += length;
      this.#parts.push(plaintext.give(length));
    }
  }

  /** The next of what was collected. */
  take(): Buffer | undefined {
    return this.#parts.shift();
  }
}

/**
 * How many bytes a session lets a client send early: none where the handshake would be for another server, or could end
 * in another protocol. RFC 8446 section 4.2.10
 */
export function earlyCapacity(session: RememberedSession, options: EngineClientOptions): number {
  const { alpnProtocols, serverName, psk, maxVersion, earlyData } = options;
  if (!earlyData || psk !== undefined || maxVersion !== "TLSv1.3" || session.serverName !== (serverName ?? ""))
    return 0;
  const fits = session.alpnProtocol === "" ? alpnProtocols.length === 0 : alpnProtocols.includes(session.alpnProtocol);
  return fits ? session.earlyCapacity : 0;
}

// GnuTLS, includes/gnutls/gnutls.h: GNUTLS_SFLAGS_EARLY_DATA
const earlyDataAccepted = 1 << 10;
const recordLimitReached = -409;
