import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { closing } from "@fairlead/conformance/stream";
import { memoryPair } from "@fairlead/transport";
import { EngineSocket, type EngineSocketOptions } from "../../src/engine/index.ts";
import type { PeerVerdict } from "../../src/verdict/judge-peer.ts";
import { handshakeRecord, OpenBook } from "./open-book.ts";

const questions = ["need-verdict", "need-identity"] as const;

describe("while an answer is awaited", () => {
  for (const question of questions) {
    const answered = question === "need-verdict" ? "admit" : "identify";

    // A stream may be read by others than its driver: that it was paused says nothing about what comes.
    test(`data is kept, and the engine left alone, though the stream goes on (${question})`, async () => {
      const { socket, engine, near, far, answer, asked } = await asking(question);
      const arrived = once(near, "data");
      far.write("after the answer");
      near.resume();
      await arrived;
      assert.deepEqual(engine.calls, ["handshake"]);
      answer();
      await socket.secured;
      assert.equal(String(await once(socket, "data")), "after the answer");
      assert.deepEqual([engine.calls.slice(0, 3), asked()], [["handshake", answered, "handshake"], 1]);
      socket.destroy();
      far.destroy();
    });

    test(`an end is heard after it (${question})`, async () => {
      const { socket, engine, near, far, answer, asked } = await asking(question);
      const closed = closing(socket);
      far.end();
      near.resume();
      while (!near.readableEnded) await nextTurn();
      assert.deepEqual(engine.calls, ["handshake"]);
      socket.on("error", () => undefined);
      answer();
      await closed;
      assert.deepEqual(engine.calls.slice(0, 4), ["handshake", answered, "feedEnd", "handshake"]);
      assert.equal(asked(), 1);
      far.destroy();
    });

    for (const [title, reason] of [
      ["an error", Object.assign(new Error("cut"), { code: "ECONNRESET" })],
      ["a close", undefined],
    ] as const) {
      test(`${title} of the stream below ends the question, and a late answer reaches nobody (${question})`, async () => {
        const { socket, engine, near, far, answer, asked, signal } = await asking(question);
        const closed = closing(socket);
        near.destroy(reason);
        await assert.rejects(socket.secured, { name: "TlsError", code: "TLS_CLOSED_IN_HANDSHAKE" });
        await closed;
        if (question === "need-identity") assert.equal(signal()?.aborted, true);
        answer();
        await nextTurn();
        assert.deepEqual([engine.calls, engine.closed, asked()], [["handshake"], 1, 1]);
        far.destroy();
      });
    }
  }
});

/** A client whose engine has asked, and waits. */
async function asking(question: (typeof questions)[number]) {
  const [near, far] = memoryPair({ allowHalfOpen: true });
  const engine = new OpenBook();
  engine.question = question;
  const put = Promise.withResolvers<undefined>();
  const verdict = Promise.withResolvers<PeerVerdict>();
  let asked = 0;
  let signal: AbortSignal | undefined;
  const options: EngineSocketOptions = {
    ...{ side: "client", peer: undefined, sentCertificate: false },
    judge:
      question === "need-identity"
        ? undefined
        : async () => {
            asked += 1;
            put.resolve(undefined);
            return verdict.promise;
          },
    onClientCertificate: async (_request, ended) => {
      asked += 1;
      signal = ended;
      put.resolve(undefined);
      await verdict.promise;
      return undefined;
    },
  };
  const socket = new EngineSocket(near, engine, options);
  socket.secured.catch(() => undefined);
  engine.calls.length = 0;
  far.write(handshakeRecord);
  await put.promise;
  return {
    ...{ socket, engine, near, far },
    answer: () => verdict.resolve(admitted),
    asked: () => asked,
    signal: () => signal,
  };
}

const admitted: PeerVerdict = { admitted: true, objection: undefined };
