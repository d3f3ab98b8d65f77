import { memoryDatagramPair, type DatagramPath, type MemoryNetworkOptions } from "@fairlead/transport";
import type { DtlsAcceptOptions, DtlsBackend, DtlsConnectOptions, DtlsSocket } from "@fairlead/tls/datagram";
import { goodHost, type Certificates } from "../tls/certificates.ts";

/** Two backends that talk to each other. */
export interface DtlsPairing {
  readonly client: DtlsBackend & { readonly name: string };
  readonly server: DtlsBackend & { readonly name: string };
  /** Sessions that the libraries hold and that are not freed. */
  readonly live: () => number;
}

/** What one association departs from the good case in. */
export interface DtlsPairOptions {
  readonly network?: MemoryNetworkOptions;
  readonly connect?: Partial<DtlsConnectOptions>;
  readonly accept?: Partial<DtlsAcceptOptions>;
}

/** Both ends. */
export interface DtlsPair extends Disposable {
  readonly client: DtlsSocket;
  readonly server: DtlsSocket;
  readonly below: readonly [client: DatagramPath, server: DatagramPath];
}

/** A key, and options for both sides of it. */
export const sharedKey = {
  key: Buffer.from("a key of 16 byte"),
  client: { psk: { identity: "sensor-7", key: Buffer.from("a key of 16 byte") }, trust: undefined },
  server: {
    identity: undefined,
    psk: (identity: string): Uint8Array | undefined =>
      identity === "sensor-7" ? Buffer.from("a key of 16 byte") : undefined,
  },
} as const;

/** Secures both ends with the good certificate; fails when either side does. */
export async function secureDatagrams(
  pairing: DtlsPairing,
  certificates: Certificates,
  options: DtlsPairOptions = {},
): Promise<DtlsPair> {
  const { client, server, below } = await attemptDatagrams(pairing, certificates, options);
  if (client instanceof Error) throw client;
  if (server instanceof Error) throw server;
  return {
    client,
    server,
    below,
    [Symbol.dispose]() {
      client.close();
      server.close();
    },
  };
}

/** How both sides of a handshake ended: the socket, or why there is none. */
export interface DtlsAttempt {
  readonly client: DtlsSocket | Error;
  readonly server: DtlsSocket | Error;
  readonly below: readonly [client: DatagramPath, server: DatagramPath];
}

/** Runs a handshake that may fail. */
export async function attemptDatagrams(
  pairing: DtlsPairing,
  certificates: Certificates,
  { network, connect, accept }: DtlsPairOptions = {},
): Promise<DtlsAttempt> {
  const below = memoryDatagramPair(network);
  const [client, server] = await Promise.all([
    pairing.client.connectDatagram(below[0], { host: goodHost, trust: certificates.trust, ...connect }).catch(asError),
    pairing.server.acceptDatagram(below[1], { identity: certificates.good, ...accept }).catch(asError),
  ]);
  return { client, server, below };
}

/** Closes whatever came of an attempt. */
export function closeAttempt({ client, server }: DtlsAttempt): void {
  for (const end of [client, server]) {
    if (!(end instanceof Error)) end.close();
  }
}

/** Resolves to the next message. */
export function nextMessage(path: DatagramPath): Promise<Buffer> {
  return new Promise((resolve) => {
    path.once("message", resolve);
  });
}

/** Resolves when all that was sent so far has arrived or is lost. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
