import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { TlsSocket } from "@fairlead/tls";
import type { TlsFacts } from "./tls-facts.ts";
import type { TrafficLog } from "./traffic-log.ts";

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

/** Adds up the counts of several services. */
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

/** What a log of connections is made of. */
export interface ConnectionLogOptions {
  /** Name of the service whose connections they are. */
  readonly service: string;
  readonly nextNumber: NextNumber;
  readonly traffic: TrafficLog;
}

type OpenConnection = { -readonly [Key in keyof Connection]: Connection[Key] };

/** Knows the connections of one service, counts them, and can end them all. */
export class ConnectionLog {
  readonly #options: ConnectionLogOptions;
  readonly #open = new Set<OpenConnection>();
  readonly #byRemoteEnd = new Map<string, OpenConnection>();
  readonly #secure = new WeakMap<object, Connection>();
  #accepted = 0;
  #secured = 0;
  #resumed = 0;
  #failed = 0;

  constructor(options: ConnectionLogOptions) {
    this.#options = options;
  }

  /** Takes note of an accepted TCP socket until it closes. `remotePort` is the client's, where faults stand between. */
  add(tcp: Socket, remotePort: number = tcp.remotePort ?? 0): Connection {
    const { service, nextNumber, traffic } = this.#options;
    const key = keyOf(tcp);
    this.#accepted += 1;
    const connection: OpenConnection = { number: nextNumber(), remotePort, tcp, tls: undefined };
    this.#open.add(connection);
    this.#byRemoteEnd.set(key, connection);
    traffic.add({ type: "opened", service, connection: connection.number, peer: `${tcp.remoteAddress}:${remotePort}` });
    tcp.on("error", ignoreGoneClient);
    tcp.once("close", () => {
      this.#open.delete(connection);
      // A reset one has no remote end any more, and ports are used again: the key may be another's by now.
      if (this.#byRemoteEnd.get(key) === connection) this.#byRemoteEnd.delete(key);
      const { bytesRead: receivedBytes, bytesWritten: sentBytes } = tcp;
      traffic.add({ type: "closed", service, connection: connection.number, receivedBytes, sentBytes });
    });
    return connection;
  }

  /** Takes note of a finished handshake, of node:tls or of a backend on this TCP socket. */
  addTls(socket: TLSSocket): void;
  addTls(socket: TlsSocket, tcp: Socket): void;
  addTls(socket: TLSSocket | TlsSocket, tcp?: Socket): void {
    // Without `tcp` it is the former, which has its addresses.
    const key = keyOf(tcp ?? (socket as TLSSocket));
    const connection = this.#byRemoteEnd.get(key);
    if (connection !== undefined) this.#secure.set(socket, connection);
    socket.on("error", ignoreGoneClient);
    this.#addTlsFacts(key, tlsFactsOf(socket));
  }

  /** Takes note of a finished handshake that no library made. */
  addTlsFacts(tcp: Socket, tls: TlsFacts): void {
    this.#addTlsFacts(keyOf(tcp), tls);
  }

  #addTlsFacts(key: string, tls: TlsFacts): void {
    const connection = this.#byRemoteEnd.get(key);
    this.#secured += 1;
    if (tls.sessionReused) this.#resumed += 1;
    if (connection !== undefined) connection.tls = tls;
    const { service, traffic } = this.#options;
    traffic.add({ type: "secured", service, connection: connection?.number ?? 0, tls });
  }

  /** Takes note of a handshake that failed on this socket. */
  addTlsFailure(socket: Socket | TLSSocket, error: unknown): void {
    this.#failed += 1;
    const { service, traffic } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    traffic.add({ type: "handshake-failed", service, connection: this.find(socket)?.number ?? 0, reason });
  }

  /** The connection that a TCP or TLS socket belongs to; `undefined` once it is closed. */
  find(socket: Socket): Connection | undefined {
    return this.#secure.get(socket) ?? this.#byRemoteEnd.get(keyOf(socket));
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
    for (const { tcp } of this.#open) tcp.destroy();
  }
}

// The remote end names a connection of one service, whichever socket object is asked: the TCP one or the TLS one on it.
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
