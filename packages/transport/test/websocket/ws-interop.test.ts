import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { describe, test } from "node:test";
import {
  answerHandshakeKey,
  checkClientHandshake,
  checkServerHandshake,
  chooseDeflate,
  type DeflateWishes,
  formatClientHandshake,
  formatServerHandshake,
} from "@fairlead/http/websocket";
import { connectTcp } from "@fairlead/transport";
import { openWebSocket, type WebSocketClosure, type WebSocketConnection } from "@fairlead/transport/websocket";
import { type PerMessageDeflateOptions, WebSocket, WebSocketServer } from "ws";

/** What either side wishes of compression. */
interface Terms {
  readonly name: string;
  readonly ours?: DeflateWishes;
  readonly theirs: PerMessageDeflateOptions | false;
  /** Whether something is compressed in the end. */
  readonly compresses: boolean;
}

const terms: readonly Terms[] = [
  { name: "nobody compresses", theirs: false, compresses: false },
  { name: "we would compress, and ws does not", ours: {}, theirs: false, compresses: false },
  { name: "ws would compress, and we do not", theirs: {}, compresses: false },
  { name: "both compress", ours: {}, theirs: { threshold: 0 }, compresses: true },
  {
    name: "both compress each message by itself",
    ours: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    theirs: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    compresses: true,
  },
  {
    name: "both compress with small windows",
    ours: { serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
    theirs: { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
    compresses: true,
  },
];

const sizes = [0, 1, 2, 100, 125, 126, 127, 1_000, 65_535, 65_536, 65_537, 300_000];
const messages = sizes.flatMap((size) => [
  "wég €😀 "
    .repeat(size / 7 + 1)
    .slice(0, size)
    .toWellFormed(),
  Buffer.alloc(size, "octets"),
]);

for (const each of terms) {
  describe(`npm ws, where ${each.name}`, () => {
    test("as a server sends back whatever our client sends", async (context) => {
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: each.theirs });
      context.after(() => {
        server.close();
      });
      server.on("connection", (peer) => {
        peer.on("message", (data, isBinary) => {
          peer.send(data, { binary: isBinary });
        });
      });
      await once(server, "listening");
      const heard: unknown[] = [];
      const closed = await converse(await openClient(server.address() as AddressInfo, each), heard, messages);
      assert.deepEqual(heard, messages);
      assert.deepEqual(closed, { code: 1000, reason: "done", wasClean: true, error: undefined });
    });

    test("as a client gets back whatever it sends, in fragments of any size", async (context) => {
      const server = startEcho(each);
      context.after(() => server.close());
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const client = new WebSocket(`ws://127.0.0.1:${String(port)}`, { perMessageDeflate: each.theirs });
      await once(client, "open");
      assert.equal(client.extensions !== "", each.compresses);
      const heard: unknown[] = [];
      client.on("message", (data: Buffer, isBinary) => heard.push(isBinary ? data : data.toString()));
      const fragmented = ["", "short", "é".repeat(300), Buffer.alloc(3_000, "octets")];
      for (const message of messages) client.send(message);
      for (const message of fragmented) for (const size of [1, 125, 1_000]) sendFragments(client, message, size);
      const wanted = [...messages, ...fragmented.flatMap((message) => Array<unknown>(3).fill(message))];
      while (heard.length < wanted.length) await once(client, "message");
      assert.deepEqual(heard, wanted);
      const pong = once(client, "pong");
      client.ping("here?");
      assert.equal(String((await pong)[0]), "here?");
      client.close(4000, "done");
      const [code, reason] = (await once(client, "close")) as [number, Buffer];
      assert.deepEqual([code, reason.toString()], [4000, ""]);
    });
  });
}

/** Sends every message, and closes when so many have come back. */
async function converse(
  open: (hear: (data: string | Uint8Array, socket: WebSocketConnection) => void) => Promise<WebSocketClosure>,
  heard: unknown[],
  wanted: readonly (string | Buffer)[],
): Promise<WebSocketClosure> {
  return await open((data, socket) => {
    heard.push(typeof data === "string" ? data : Buffer.from(data));
    if (heard.length === wanted.length) socket.close(1000, "done");
  });
}

/** Does the handshake with ws, by the rules. */
async function openClient(
  { port }: AddressInfo,
  { ours, compresses }: Terms,
): Promise<(hear: (data: string | Uint8Array, socket: WebSocketConnection) => void) => Promise<WebSocketClosure>> {
  const stream = await connectTcp({ host: "127.0.0.1", port });
  const key = randomBytes(16).toString("base64");
  const fields = formatClientHandshake({ deflate: ours }, { carrier: "http/1.1", key });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  stream.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n`);
  const [answer] = (await once(stream, "data")) as [Buffer];
  stream.pause();
  const split = answer.indexOf("\r\n\r\n");
  const [status = "", ...answerLines] = answer.toString("latin1", 0, split).split("\r\n");
  const agreed = checkServerHandshake(
    {
      status: Number(status.split(" ")[1]),
      fields: Object.fromEntries(answerLines.map(readLine)),
    },
    { deflate: ours },
    { carrier: "http/1.1", accept: answerHandshakeKey(key, sha1) },
  );
  assert.ok(agreed.type === "open");
  assert.equal(agreed.deflate !== undefined, compresses);
  return (hear) =>
    new Promise((resolve) => {
      const socket = openWebSocket(
        stream,
        { role: "client", deflate: agreed.deflate, deflateFromBytes: 0, head: answer.subarray(split + 4) },
        {
          onMessage: (data) => {
            hear(data, socket);
          },
          onClose: resolve,
        },
      );
      for (const message of messages) socket.send(message);
      stream.resume();
    });
}

function readLine(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
}

function startEcho({ ours }: Terms): Server {
  const server = createServer();
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const asked = checkClientHandshake({ method: request.method ?? "", fields: request.headers }, "http/1.1");
    assert.ok(asked.type === "open");
    const deflate = ours === undefined ? undefined : chooseDeflate(asked.extensions, ours);
    const accept = answerHandshakeKey(asked.key ?? "", sha1);
    const fields = formatServerHandshake({ deflate }, { carrier: "http/1.1", accept });
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    stream.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
    const socket = openWebSocket(
      stream,
      { role: "server", deflate: deflate?.agreed, deflateFromBytes: 0, head },
      { onMessage: (data) => void socket.send(data), onClose: () => undefined },
    );
  });
  return server.listen(0, "127.0.0.1");
}

function sendFragments(client: WebSocket, message: string | Buffer, sizeBytes: number): void {
  const octets = Buffer.from(message as string);
  for (let at = 0; at === 0 || at < octets.length; at += sizeBytes) {
    const fin = at + sizeBytes >= octets.length;
    client.send(octets.subarray(at, at + sizeBytes), { fin, binary: typeof message !== "string" });
  }
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
