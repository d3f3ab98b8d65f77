import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, createServer as createTlsServer } from "node:tls";
import type { TlsBackend, TlsCipher, TlsIdentity, TlsTrust } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp } from "@fairlead/transport";

/** What is compared: Node's own TLS, and each engine on the descriptor and over a plain stream. */
export const sideNames = ["node", "openssl", "openssl-stream", "gnutls", "gnutls-stream"] as const;
export type SideName = (typeof sideNames)[number];

/** The ciphers that are measured, and their suites. Where nothing else is said, all sides choose the first. */
export const ciphers = ["AES_256_GCM", "AES_128_GCM"] as const satisfies readonly TlsCipher[];
export type CipherName = (typeof ciphers)[number];
export const suites: Readonly<Record<CipherName, string>> = {
  AES_256_GCM: "TLS_AES_256_GCM_SHA384",
  AES_128_GCM: "TLS_AES_128_GCM_SHA256",
};

/** What a server of a benchmark needs. */
export interface ListenOptions {
  readonly identity: TlsIdentity;
  readonly onSocket: (socket: SecureSocket) => void;
  readonly cipher?: CipherName | undefined;
}

/** What a client of a benchmark needs. */
export interface ConnectOptions {
  readonly port: number;
  readonly ca: string;
  readonly session?: Uint8Array | undefined;
  readonly onSession?: ((session: Uint8Array) => void) | undefined;
}

/** A socket with what both sides tell about it. */
export interface SecureSocket extends Duplex {
  isSessionReused(): boolean;
  getCipher(): { readonly name: string; readonly standardName?: string | undefined };
}

/** TLS 1.3 over loopback TCP, the way an application of that library would. */
export interface Side {
  listen(options: ListenOptions): Promise<{ port: number; server: Server }>;
  connect(options: ConnectOptions): Promise<SecureSocket>;
}

/** Loads one side. */
export function openSide(name: string): Side {
  if (name === "node") return nodeSide;
  const carrier = name.endsWith("-stream") ? "stream" : "descriptor";
  return backendSide(name.startsWith("openssl") ? loadOpensslTls({ carrier }) : loadGnutlsTls({ carrier }));
}

const host = "127.0.0.1";

const nodeSide: Side = {
  async listen({ identity: { certificate, privateKey }, cipher, onSocket }) {
    const options = { cert: certificate, key: privateKey, minVersion: "TLSv1.3", noDelay: true } as const;
    return listening(createTlsServer({ ...options, ...(cipher && { ciphers: suites[cipher] }) }, onSocket));
  },
  async connect({ port, ca, session, onSession }) {
    const socket = connect({
      host,
      port,
      ca,
      minVersion: "TLSv1.3",
      ...(session && { session: Buffer.from(session) }),
    });
    if (onSession) socket.on("session", onSession);
    await once(socket, "secureConnect");
    socket.setNoDelay();
    return socket;
  },
};

function backendSide(tls: TlsBackend): Side {
  // An application keeps its settings, and so what was made of them is found again.
  let trust: TlsTrust | undefined;
  return {
    async listen({ identity, cipher, onSocket }) {
      const options = { identity, minVersion: "TLSv1.3", ciphers: cipher && [cipher] } as const;
      const accept = async (below: Socket): Promise<void> => onSocket(await tls.accept(below, options));
      return listening(
        createServer({ noDelay: true }, (below) => {
          accept(below).catch((error: unknown) => {
            process.emitWarning(`a connection failed: ${String(error)}`);
          });
        }),
      );
    },
    async connect({ port, ca, session, onSession }) {
      const below = await connectTcp({ host, port });
      trust ??= { type: "anchors", certificates: Object.freeze([ca]) };
      return tls.connect(below, { host, minVersion: "TLSv1.3", trust, session, onSession });
    },
  };
}

async function listening(server: Server): Promise<{ port: number; server: Server }> {
  server.listen(0, host);
  await once(server, "listening");
  // A TCP server that listens has an address of this form.
  return { port: (server.address() as AddressInfo).port, server };
}
