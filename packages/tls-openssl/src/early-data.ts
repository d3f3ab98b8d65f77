import { readBytes, readString, type OpenSsl } from "./library.ts";

/** The early data of one side. RFC 8446 section 4.2.10. */
export interface EarlyData {
  /** Whether the handshake is not over, and data goes another way than after it. */
  readonly isOpen: boolean;
  /** Bytes that a client may send still. */
  readonly capacity: number;
  /** Bytes that a server received. */
  readonly received: number;
  /** Encrypts it, also a server's answer; false when OpenSSL fails. */
  send(bytes: Uint8Array): boolean;
  /** What a server received; `undefined` when there is no more. */
  take(): Buffer | undefined;
  /** No more is sent, because the handshake goes on (client) or is over. */
  close(): void;
}

/** What a client may send before its handshake, in a session that allows it for the same server and protocol. */
export class EarlySender implements EarlyData {
  readonly received = 0;
  readonly #openssl: OpenSsl;
  readonly #ssl: number;
  #left: number;

  constructor(openssl: OpenSsl, ssl: number, capacity: number) {
    this.#openssl = openssl;
    this.#ssl = ssl;
    this.#left = capacity;
  }

  get isOpen(): boolean {
    return this.#left > 0;
  }

  get capacity(): number {
    return this.#left;
  }

  send(bytes: Uint8Array): boolean {
    if (bytes.length > this.#left) return false;
    this.#left -= bytes.length;
    return writeEarly(this.#openssl, this.#ssl, bytes);
  }

  take(): undefined {
    return undefined;
  }

  close(): void {
    this.#left = 0;
  }
}

/** What a server takes before the handshake is over. OpenSSL drops what was sent before with the same ticket. */
export class EarlyReceiver implements EarlyData {
  readonly capacity = 0;
  readonly #openssl: OpenSsl;
  readonly #ssl: number;
  readonly #queue: Buffer[] = [];
  #received = 0;
  #state: "reading" | "read" | "closed" = "reading";

  constructor(openssl: OpenSsl, ssl: number, maxBytes: number) {
    this.#openssl = openssl;
    this.#ssl = ssl;
    openssl.SSL_set_max_early_data(ssl, maxBytes);
    openssl.SSL_set_recv_max_early_data(ssl, maxBytes);
  }

  get isOpen(): boolean {
    return this.#state !== "closed";
  }

  get received(): number {
    return this.#received;
  }

  /** Whether there may be more; then it goes on with `read`, and not with the handshake. */
  get isReading(): boolean {
    return this.#state === "reading";
  }

  /** Reads what has come: `stopped` means that OpenSSL tells why. */
  read(buffer: number, size: number): "stopped" | "finished" {
    for (;;) {
      const length = [0];
      switch (this.#openssl.SSL_read_early_data(this.#ssl, buffer, size, length)) {
        case readMore:
          this.#received += length[0] ?? 0;
          this.#queue.push(readBytes(buffer, length[0] ?? 0));
          break;
        case readFinished:
          this.#state = "read";
          return "finished";
        default:
          return "stopped";
      }
    }
  }

  send(bytes: Uint8Array): boolean {
    return writeEarly(this.#openssl, this.#ssl, bytes);
  }

  take(): Buffer | undefined {
    return this.#queue.shift();
  }

  close(): void {
    this.#state = "closed";
  }
}

/**
 * How many bytes a session lets a client send early: none where the handshake would be for another server name, or could
 * not end in the session's protocol, which OpenSSL takes for a fault.
 */
export function earlyCapacity(
  openssl: OpenSsl,
  session: number,
  { serverName, alpnProtocols }: { readonly serverName: string | undefined; readonly alpnProtocols: readonly string[] },
): number {
  const name = readString(openssl.SSL_SESSION_get0_hostname(session));
  if (name !== "" && name !== serverName) return 0;
  const [protocol, length] = [[0], [0]];
  openssl.SSL_SESSION_get0_alpn_selected(session, protocol, length);
  if (protocol[0] && !alpnProtocols.includes(readBytes(protocol[0], length[0] ?? 0).toString("latin1"))) return 0;
  return openssl.SSL_SESSION_get_max_early_data(session);
}

/** What became of a client's early data. */
export function earlyStatus(openssl: OpenSsl, ssl: number): "none" | "accepted" | "rejected" {
  return (["none", "rejected", "accepted"] as const)[openssl.SSL_get_early_data_status(ssl)] ?? "rejected";
}

function writeEarly(openssl: OpenSsl, ssl: number, bytes: Uint8Array): boolean {
  const written = [0];
  return openssl.SSL_write_early_data(ssl, bytes, bytes.length, written) === 1 && written[0] === bytes.length;
}

// OpenSSL, include/openssl/ssl.h.in: SSL_READ_EARLY_DATA_SUCCESS, _FINISH
const readMore = 1;
const readFinished = 2;
