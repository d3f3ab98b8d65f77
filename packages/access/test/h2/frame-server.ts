import { mintCertificate, type Authority } from "@fairlead/testserver/authority";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

/** A frame that a client wrote. */
export interface SeenFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** One connection, frame by frame: whatever a test has it send, right or wrong. */
export interface FrameConnection {
  readonly socket: TLSSocket;
  send(...frames: readonly Uint8Array[]): void;
}

/** A TLS server that has agreed on HTTP/2, and speaks what a test says. */
export interface FrameServer extends AsyncDisposable {
  readonly origin: string;
  readonly connections: readonly TLSSocket[];
}

/** Frame types. RFC 9113 section 6. */
export const Frame = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Makes a frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A payload of numbers of 32 bits. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

/** Status 200, by the static table of HPACK, and then the body, which ends the stream. */
export function response(stream: number, body: string): Buffer {
  return Buffer.concat([
    frame(Frame.headers, 4, stream, Buffer.of(0x88)),
    frame(Frame.data, 1, stream, Buffer.from(body)),
  ]);
}

/**
 * Starts the server. Its SETTINGS are sent and those of the client answered by it; `onFrame` gets everything else, and
 * the connection's number, counted from 1.
 */
export async function frameServer(
  ca: Authority,
  onFrame: (connection: FrameConnection, frame: SeenFrame, number: number) => void,
): Promise<FrameServer> {
  const { certificate, privateKey } = await mintCertificate({ issuer: ca, names: ["a.fairlead.test"] });
  const connections: TLSSocket[] = [];
  const server = createServer({ key: privateKey, cert: certificate, ALPNProtocols: ["h2"] }, (socket) => {
    connections.push(socket);
    const number = connections.length;
    const connection: FrameConnection = {
      socket,
      send: (...frames) => {
        if (socket.writable) socket.write(Buffer.concat(frames));
      },
    };
    socket.on("error", () => undefined);
    connection.send(frame(Frame.settings, 0, 0));
    let left = Buffer.alloc(0);
    let isGreeted = false;
    socket.on("data", (bytes) => {
      left = Buffer.concat([left, bytes]);
      if (!isGreeted && left.length >= 24) {
        isGreeted = true;
        left = left.subarray(24);
      }
      while (isGreeted && left.length >= 9 && left.length >= 9 + left.readUIntBE(0, 3)) {
        const length = 9 + left.readUIntBE(0, 3);
        const seen = {
          type: left[3] ?? 0,
          flags: left[4] ?? 0,
          stream: left.readUInt32BE(5),
          payload: left.subarray(9, length),
        };
        left = left.subarray(length);
        if (seen.type === Frame.settings && (seen.flags & 1) === 0) connection.send(frame(Frame.settings, 1, 0));
        else onFrame(connection, seen, number);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://a.fairlead.test:${String(port)}`,
    connections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, "close");
    },
  };
}
