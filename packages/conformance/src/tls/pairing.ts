import type { Duplex } from "node:stream";
import type { TlsAcceptOptions, TlsBackend, TlsConnectOptions, TlsSocket } from "@fairlead/tls";
import { closing } from "../stream/index.ts";
import type { Certificates } from "./certificates.ts";
import { goodHost } from "./certificates.ts";
import type { OpenTransport } from "./transports.ts";

/** Two backends that talk to each other, and what the client's library is known to do. */
export interface TlsPairing {
  readonly client: TlsBackend;
  readonly server: TlsBackend;
  /** Whether the client's read fails when the stream below ends without close_notify; else it ends as if all was well. */
  readonly reportsTruncation: boolean;
  /** The same for the server's read; as the client's when left out. */
  readonly serverReportsTruncation?: boolean;
}

/** Both ends of one connection. */
export interface SecurePair extends Disposable {
  readonly client: TlsSocket;
  readonly server: TlsSocket;
  /** The stream below each. */
  readonly below: readonly [client: Duplex, server: Duplex];
}

/** What one connection departs from the good case in. */
export interface PairOptions {
  readonly connect?: Partial<TlsConnectOptions>;
  readonly accept?: Partial<TlsAcceptOptions>;
  /** Looks at each end that sees nothing wrong; what it throws is that end's error. */
  readonly whenSecure?: (socket: TlsSocket) => void;
}

/** Secures both ends of a new transport with the good certificate; fails when either side does. */
export async function secure(
  pairing: TlsPairing,
  certificates: Certificates,
  open: OpenTransport,
  options: PairOptions = {},
): Promise<SecurePair> {
  const below = await open();
  const [client, server] = await Promise.all([
    pairing.client.connect(below[0], { host: goodHost, trust: certificates.trust, ...options.connect }),
    pairing.server.accept(below[1], { identity: certificates.good, ...options.accept }),
  ]);
  return {
    client,
    server,
    below,
    [Symbol.dispose]() {
      client.destroy();
      server.destroy();
    },
  };
}

/** How both sides of a handshake ended that is expected to fail on the client's. */
export interface FailedPair {
  readonly client: unknown;
  /** `undefined` when the server saw nothing wrong: TLS 1.3 is done on its side before the client judges. */
  readonly server: unknown;
  readonly below: readonly [client: Duplex, server: Duplex];
}

/** Runs a handshake that the client must refuse, and returns the reasons. Both streams below are awaited closed. */
export async function refuse(
  pairing: TlsPairing,
  certificates: Certificates,
  open: OpenTransport,
  options: PairOptions = {},
): Promise<FailedPair> {
  const below = await open();
  const closed = Promise.all(below.map(closing));
  // A side that sees nothing wrong may hear of the other's failure before that one's promise is settled.
  const expectingErrors = (socket: TlsSocket): TlsSocket => {
    socket.on("error", () => undefined);
    try {
      options.whenSecure?.(socket);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  };
  const [client, server] = await Promise.allSettled([
    pairing.client
      .connect(below[0], { host: goodHost, trust: certificates.trust, ...options.connect })
      .then(expectingErrors),
    pairing.server.accept(below[1], { identity: certificates.good, ...options.accept }).then(expectingErrors),
  ]);
  for (const end of [client, server]) {
    if (end.status === "fulfilled") end.value.resume().end();
  }
  await closed;
  return { client: reasonOf(client), server: reasonOf(server), below };
}

function reasonOf(result: PromiseSettledResult<TlsSocket>): unknown {
  return result.status === "rejected" ? result.reason : undefined;
}
