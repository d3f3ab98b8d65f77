import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TlsError } from "@fairlead/core";
import { closing, failing } from "@fairlead/conformance/stream";
import { memoryPair } from "@fairlead/transport";
import { EngineFailure, EngineSocket } from "../../src/engine/index.ts";
import { handshakeRecord, OpenBook } from "./open-book.ts";

describe("the driver of an engine", () => {
  test("keeps writes and the end back until the handshake is over, in order", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const engine = new OpenBook();
    const socket = new EngineSocket(near, engine, { side: "server", peer: undefined, sentCertificate: false });
    let done = 0;
    for (const part of ["a", "b"]) socket.write(part, () => (done += 1));
    socket.end("c");
    await nextTurn();
    assert.deepEqual([engine.calls.includes("send"), done], [false, 0]);
    far.write(handshakeRecord);
    await socket.secured;
    await once(socket, "finish");
    assert.equal(done, 2);
    assert.equal(engine.sent, "abc");
    assert.equal(engine.calls.at(-1), "end");
    socket.destroy();
    far.destroy();
  });

  test("reads from below only what the reader has room for", async () => {
    const { socket, far } = await secured();
    let accepted = 0;
    const chunk = Buffer.alloc(65_536);
    for (let part = 0; part < 64; part += 1) far.write(chunk, () => (accepted += chunk.length));
    for (let turn = 0; turn < 500; turn += 1) await nextTurn();
    assert.ok(accepted <= 8 * chunk.length, `${String(accepted)} bytes were taken`);
    let received = 0;
    socket.on("data", (data: Buffer) => (received += data.length));
    while (received < 64 * chunk.length) await nextTurn();
    socket.destroy();
    far.destroy();
  });

  test("says nothing before whoever awaits the handshake could listen", async () => {
    const { socket, far } = await secured((engine) => (engine.failsReading = true));
    const error = await failing(socket);
    assert.ok(error instanceof TlsError);
    assert.equal(error.code, "TLS_RECORD_INVALID");
    far.destroy();
  });

  for (const [title, thrown] of [
    ["a failure", new EngineFailure({ type: "library", detail: "broken" })],
    ["anything else", new RangeError("a fault of ours")],
  ] as const) {
    test(`names ${title} that an engine throws, frees it and closes the stream below`, async () => {
      const { socket, near, far, engine } = await secured();
      const closed = closing(near);
      engine.send = () => {
        throw thrown;
      };
      const failed = failing(socket);
      let told: unknown;
      socket.write("x", (error) => (told = error));
      const error = await failed;
      assert.ok(error instanceof TlsError);
      assert.equal(error.cause, thrown);
      assert.equal(told, error);
      assert.equal(engine.closed, 1);
      await closed;
      far.destroy();
    });
  }

  test("bounds what answers to the peer pile up when it does not take them", async () => {
    const { socket, far } = await secured((engine) => (engine.answerBytes = 1_048_576));
    socket.resume();
    const failed = failing(socket);
    for (let request = 0; request < 64 && !socket.destroyed; request += 1) {
      far.write("again");
      await nextTurn();
    }
    assert.match(String(await failed), /faster than it takes them/);
    far.destroy();
  });

  test("frees the engine once, whatever ends the socket", async () => {
    for (const end of ["destroy", "far", "abandon"] as const) {
      const [near, far] = memoryPair({ allowHalfOpen: true });
      const engine = new OpenBook();
      const socket = new EngineSocket(near, engine, { side: "server", peer: undefined, sentCertificate: false });
      const closed = closing(socket);
      if (end === "destroy") socket.destroy();
      else if (end === "far") far.destroy();
      else socket.abandon(new Error("enough"));
      await closed;
      await assert.rejects(socket.secured);
      assert.equal(engine.closed, 1);
      far.destroy();
    }
  });
});

async function secured(prepare: (engine: OpenBook) => unknown = () => undefined): Promise<{
  readonly socket: EngineSocket;
  readonly near: ReturnType<typeof memoryPair>[0];
  readonly far: ReturnType<typeof memoryPair>[1];
  readonly engine: OpenBook;
}> {
  const [near, far] = memoryPair({ allowHalfOpen: true });
  const engine = new OpenBook();
  prepare(engine);
  const socket = new EngineSocket(near, engine, { side: "server", peer: undefined, sentCertificate: false });
  far.write(handshakeRecord);
  return { socket: await socket.secured, near, far, engine };
}
