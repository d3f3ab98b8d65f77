import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ProtocolError, TransportError } from "@fairlead/core";
import { Flag, formatPairs, FrameReader, FrameType, FrameWriter } from "../../src/gateway/protocol/index.ts";
import { type GatewayServer, serveWithGateway } from "./gateway-server.ts";

type Script = (writer: FrameWriter, request: number) => void;

const answer: Script = (writer, request) => {
  writer.pairs(FrameType.response, 0, request, formatPairs([":status", "200"]) ?? "");
  writer.data(request, Buffer.from("fine"), true);
};
const head = (pairs: readonly string[]): string => formatPairs(pairs) ?? assert.fail();

/** Frames, or octets, that a worker may not send when it has a request. */
const offences: Readonly<Record<string, Script | Buffer>> = {
  "octets that are no frame": Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
  "a frame that only servers send": (writer) => writer.ping(1),
  "a second HELLO": (writer) => writer.hello({ requests: 1, windowBytes: 1 }),
  "an answer to another request": (writer) => writer.pairs(FrameType.response, 0, 77, head([":status", "200"])),
  "content before its answer": (writer, request) => writer.data(request, Buffer.from("x"), false),
  "an answer without a status": (writer, request) => writer.pairs(FrameType.response, 0, request, head(["a", "b"])),
  "an answer with a status that is none": (writer, request) =>
    writer.pairs(FrameType.response, 0, request, head([":status", "99"])),
  "an interim response as the answer": (writer, request) =>
    writer.pairs(FrameType.response, Flag.end, request, head([":status", "103"])),
  "an upgrade that nobody asked for": (writer, request) =>
    writer.pairs(FrameType.response, Flag.upgrade, request, head([":status", "101"])),
  "an interim response without end": (writer, request) => {
    for (let count = 0; count < 33; count += 1) {
      writer.pairs(FrameType.interim, 0, request, head([":status", "103"]));
    }
  },
  "a field that would end a line": (writer, request) =>
    writer.pairs(FrameType.response, 0, request, ":status\u0000200\u0000a\u0000b\r\nset-cookie: c\u0000"),
  "a fact behind a field": (writer, request) =>
    writer.pairs(FrameType.response, 0, request, head(["a", "b", ":status", "200"])),
  "a PONG that nobody asked for": (writer) => writer.pong(9, 0),
  "credit of nothing": (writer, request) => writer.credit(request, 0),
};

suite("a worker that breaks the rules", () => {
  for (const [what, offence] of Object.entries(offences)) {
    test(`${what}: its connection ends, its request is a 502, and the server goes on`, async () => {
      await using server = await serveWithScripts([offence, answer]);
      assert.equal((await fetch(server.url, { method: "POST" })).status, 502);
      const { error } = await server.event("ended");
      assert.ok(error instanceof ProtocolError);
      assert.equal(error.code, "GATEWAY_FRAME_INVALID");
      assert.equal(await (await fetch(server.url)).text(), "fine");
    });
  }

  test("content beyond its credit cuts the answer, and nothing of it is held", async () => {
    const beyond: Script = (writer, request) => {
      writer.pairs(FrameType.response, 0, request, head([":status", "200"]));
      writer.data(request, Buffer.alloc(3_000), false);
    };
    await using server = await serveWithScripts([beyond, answer], 1_000);
    await assert.rejects(async () => (await fetch(server.url, { method: "POST" })).text());
    assert.ok(server.errors[0] instanceof TransportError && server.errors[0].code === "WORKER_GONE");
    const { error } = await server.event("ended");
    assert.ok(error instanceof ProtocolError);
    assert.equal(await (await fetch(server.url)).text(), "fine");
  });

  test("fields of a connection are taken out of its answer", async () => {
    const framing: Script = (writer, request) => {
      const fields = ["connection", "close", "transfer-encoding", "chunked", "keep-alive", "timeout=1", "x-own", "1"];
      writer.pairs(FrameType.response, Flag.end, request, head([":status", "200", ...fields]));
    };
    await using server = await serveWithScripts([framing]);
    const { status, headers } = await fetch(server.url);
    assert.equal(status, 200);
    assert.equal(headers.get("x-own"), "1");
    assert.equal(headers.get("transfer-encoding"), null);
    assert.equal(headers.get("keep-alive"), null);
  });

  test("what it refuses without having begun another is asked, also a POST", async () => {
    const refuse: Script = (writer, request) => writer.cancel(request, 1, "not here");
    await using server = await serveWithScripts([refuse, answer]);
    assert.equal(await (await fetch(server.url, { method: "POST" })).text(), "fine");
  });
});

/** A worker whose answer to each request is the next script; the last one is its answer to all others. */
async function serveWithScripts(scripts: readonly (Script | Buffer)[], windowBytes = 131_072): Promise<GatewayServer> {
  const folder = await mkdtemp(join(tmpdir(), "gateway-"));
  const path = join(folder, "worker.sock");
  const left = [...scripts];
  const worker = createServer((socket) => {
    playWorker(socket, () => (left.length > 1 ? left.shift() : left[0]) ?? answer);
  });
  worker.listen(path);
  await once(worker, "listening");
  const server = await serveWithGateway({ workers: { path }, windowBytes });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      worker.close();
      await rm(folder, { recursive: true });
    },
  };
}

function playWorker(socket: Socket, next: () => Script | Buffer): void {
  const writer = new FrameWriter();
  const flush = (): void => {
    for (const chunk of writer.take()) socket.write(chunk);
  };
  const reader = new FrameReader({
    onFrame(type, _flags, request) {
      if (type === FrameType.drain) socket.end();
      if (type !== FrameType.request) return;
      const script = next();
      if (typeof script === "function") script(writer, request);
      else socket.write(script);
      flush();
    },
    onData: () => undefined,
  });
  socket.on("data", (bytes) => {
    reader.read(bytes);
  });
  socket.on("error", () => undefined);
  writer.hello({ requests: 4, windowBytes: 1_000 });
  flush();
}
