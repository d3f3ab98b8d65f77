import { createServer, type TlsOptions } from "node:tls";
import type { Duplex } from "node:stream";
import type { ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type NameServiceTerms, nameServerOptions } from "./datagram-driver.ts";
import { type NameServer, openNameServer } from "./name-server.ts";

/** How many queries of one connection wait for their answers; then no more are read. RFC 7766 section 6.2.1.1. */
const waitingLimit = 100;

/** How one name server on connections differs from the ordinary. */
export interface StreamNameTerms extends NameServiceTerms {
  /** Writes an answer otherwise than in one piece. Must not reject. The next one waits until it is written. */
  readonly write?: (stream: Duplex, message: Uint8Array) => void | Promise<void>;
}

/** Answers queries by TCP. */
export async function openStreamNames(
  network: NetworkContext,
  self: ServiceSelf,
  terms: StreamNameTerms = {},
): Promise<StreamDriver> {
  const server = await openNameServer(nameServerOptions(network, terms));
  return { accept: (socket) => serveStream(server, socket, "tcp", network, self, terms) };
}

/** Answers queries over TLS. RFC 7858. */
export async function openSecureNames(
  network: NetworkContext,
  self: ServiceSelf,
  { identity, tls, ...terms }: StreamNameTerms & { readonly identity?: ShownIdentity; readonly tls?: TlsOptions } = {},
): Promise<StreamDriver> {
  const names = await openNameServer(nameServerOptions(network, terms));
  const { certificate, privateKey } = identity ?? (await network.goodIdentity());
  const server = createServer({ ALPNProtocols: ["dot"], cert: certificate, key: privateKey, ...tls });
  server.on("secureConnection", (socket) => {
    self.connections.addTls(socket);
    serveStream(names, socket, "tls", network, self, terms);
  });
  server.on("tlsClientError", (error, socket) => {
    self.connections.addTlsFailure(socket, error);
  });
  return { accept: (socket) => server.emit("connection", socket) };
}

/** Each message has its length in front. RFC 1035 section 4.2.2. */
function serveStream(
  server: NameServer,
  stream: Duplex,
  transport: "tcp" | "tls",
  network: NetworkContext,
  self: ServiceSelf,
  terms: StreamNameTerms,
): void {
  let pending: Buffer = Buffer.alloc(0);
  const timers = new Set<NodeJS.Timeout>();
  const write = terms.write ?? writeWhole;
  let written = Promise.resolve();
  // A client may ask, end, and read on; one that has its answers is left.
  const endWhenAnswered = (): void => {
    if (stream.readableEnded && timers.size === 0) stream.end();
  };
  const answer = (bytes: Buffer): void => {
    const found = server.answer(bytes, transport);
    if (found === undefined) return;
    const timer = setTimeout(
      () => {
        written = written.then(async () => {
          for (const message of found.messages) if (stream.writable) await write(stream, message);
          timers.delete(timer);
          if (timers.size < waitingLimit && !stream.writableNeedDrain) stream.resume();
          endWhenAnswered();
        });
      },
      found.afterMilliseconds + (terms.delayMilliseconds ?? 0),
    );
    timers.add(timer);
    if (timers.size >= waitingLimit) stream.pause();
  };
  stream.on("data", (bytes: Buffer) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    try {
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
        const end = 2 + pending.readUInt16BE();
        answer(pending.subarray(2, end));
        pending = pending.subarray(end);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      network.traffic.add({ type: "failed", service: self.name, connection: 0, reason });
      stream.destroy();
    }
    if (stream.writableNeedDrain) stream.pause();
  });
  stream.on("drain", () => {
    if (timers.size < waitingLimit) stream.resume();
  });
  stream.on("end", endWhenAnswered);
  stream.on("error", () => undefined);
  stream.on("close", () => {
    for (const timer of timers) clearTimeout(timer);
  });
}

function writeWhole(stream: Duplex, message: Uint8Array): void {
  const whole = Buffer.alloc(2 + message.length);
  whole.writeUInt16BE(message.length);
  whole.set(message, 2);
  stream.write(whole);
}
