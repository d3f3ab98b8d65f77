import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { TlsSocket } from "@fairlead/tls";

/** What the server learned from a TLS handshake. */
export interface TlsFacts {
  /** Whether the client resumed a session (RFC 8446 section 2.2). */
  readonly sessionReused: boolean;
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string | null;
  /** OpenSSL's name of the cipher suite. */
  readonly cipher: string;
  /** Server Name Indication (RFC 6066 section 3); `undefined` when the client sent none. */
  readonly serverName: string | undefined;
  /** The protocol agreed by ALPN (RFC 7301); `undefined` when there was none. */
  readonly alpn: string | undefined;
  /** Bytes that came with the client's first flight, so far; only `https-early-data` takes any. */
  readonly earlyBytes: number;
  /** SHA-256 of the client's certificate as pairs of digits joined by colons; `undefined` when it sent none. */
  readonly clientCertificate: string | undefined;
}

/** One connection, from accept to close. */
export interface Connection {
  /** Counts from 1 across the whole network. */
  readonly number: number;
  readonly remotePort: number;
  /** The TCP socket, below TLS where there is TLS. */
  readonly tcp: Socket;
  /** `undefined` before the handshake is done, and where there is none. */
  readonly tls: TlsFacts | undefined;
}

/** How many connections there were. */
export interface ConnectionCounts {
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Connections open at the moment. */
  readonly open: number;
  /** TLS handshakes that succeeded. */
  readonly secured: number;
  /** Those among them that resumed a session. */
  readonly resumed: number;
  /** TLS handshakes that failed. */
  readonly failed: number;
}

/** Adds up the counts of several listeners. */
export function sumConnections(counts: readonly ConnectionCounts[]): ConnectionCounts {
  return counts.reduce(
    (sum, one) => ({
      accepted: sum.accepted + one.accepted,
      open: sum.open + one.open,
      secured: sum.secured + one.secured,
      resumed: sum.resumed + one.resumed,
      failed: sum.failed + one.failed,
    }),
    { accepted: 0, open: 0, secured: 0, resumed: 0, failed: 0 },
  );
}

/** Gives numbers to connections; one for the whole network. */
export type NextNumber = () => number;

/** Knows the connections of one listener, counts them, and can end them all. */
export class ConnectionLog {
  readonly #nextNumber: NextNumber;
  readonly #open = new Map<string, { -readonly [Key in keyof Connection]: Connection[Key] }>();
  readonly #secure = new WeakMap<object, Connection>();
  #accepted = 0;
  #secured = 0;
  #resumed = 0;
  #failed = 0;

  constructor(nextNumber: NextNumber) {
    this.#nextNumber = nextNumber;
  }

  /** Takes note of an accepted TCP socket until it closes. */
  add(tcp: Socket): void {
    const key = keyOf(tcp);
    this.#accepted += 1;
    this.#open.set(key, { number: this.#nextNumber(), remotePort: tcp.remotePort ?? 0, tcp, tls: undefined });
    tcp.on("error", ignoreGoneClient);
    tcp.once("close", () => this.#open.delete(key));
  }

  /** Takes note of a finished handshake, of node:tls or of a backend on this TCP socket. */
  addTls(socket: TLSSocket): void;
  addTls(socket: TlsSocket, tcp: Socket): void;
  addTls(socket: TLSSocket | TlsSocket, tcp?: Socket): void {
    // Without `tcp` it is the former, which has its addresses.
    const connection = this.#open.get(keyOf(tcp ?? (socket as TLSSocket)));
    if (connection !== undefined) this.#secure.set(socket, connection);
    const tls = tlsFactsOf(socket);
    this.#secured += 1;
    if (tls.sessionReused) this.#resumed += 1;
    if (connection !== undefined) connection.tls = tls;
    socket.on("error", ignoreGoneClient);
  }

  /** Takes note of a handshake that failed. */
  addTlsFailure(): void {
    this.#failed += 1;
  }

  /** The connection that a TCP or TLS socket belongs to; `undefined` once it is closed. */
  find(socket: Socket): Connection | undefined {
    return this.#secure.get(socket) ?? this.#open.get(keyOf(socket));
  }

  get counts(): ConnectionCounts {
    return {
      accepted: this.#accepted,
      open: this.#open.size,
      secured: this.#secured,
      resumed: this.#resumed,
      failed: this.#failed,
    };
  }

  /** Ends every open connection without farewell. */
  destroyAll(): void {
    for (const { tcp } of this.#open.values()) tcp.destroy();
  }
}

// The remote end names a connection on one listener, whichever socket object is asked: the TCP one or the TLS one on it.
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ""} ${socket.remotePort ?? 0}`;
}

// Clients of a test network come and go as they like; their resets are not the server's errors.
function ignoreGoneClient(): void {
  // Nothing to do: "close" follows and cleans up.
}

function tlsFactsOf(socket: TLSSocket | TlsSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  const servername: unknown = Reflect.get(socket, "servername");
  return {
    sessionReused: socket.isSessionReused(),
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    serverName: typeof servername === "string" ? servername : undefined,
    alpn: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    get earlyBytes() {
      return "earlyBytes" in socket ? socket.earlyBytes : 0;
    },
    clientCertificate: certificate?.fingerprint256,
  };
}
