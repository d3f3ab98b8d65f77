import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { memoryPair } from "@fairlead/transport";
import { LaterStream } from "../../src/adapters/later-stream.ts";

describe("a stream that is opened later", () => {
  test("keeps what is written until then, and the end of it", async () => {
    const opening = Promise.withResolvers<Duplex>();
    const later = new LaterStream(() => opening.promise);
    later.write("early, ");
    later.end("and late");
    const [near, far] = memoryPair({ allowHalfOpen: true });
    opening.resolve(near);
    assert.equal(await text(far), "early, and late");
    far.end("answer");
    assert.equal(await text(later), "answer");
  });

  test("gives all that came before the other side closed", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const sent = "x".repeat(300_000);
    far.end(sent);
    far.resume();
    const later = new LaterStream(() => Promise.resolve(near));
    later.end();
    await once(far, "end");
    assert.equal((await text(later)).length, sent.length);
  });

  test("fails with what the opening fails with", async () => {
    const reason = new Error("nobody listens");
    const later = new LaterStream(() => Promise.reject(reason));
    later.write("lost");
    assert.deepEqual(await once(later, "error"), [reason]);
    assert.equal(later.destroyed, true);
  });

  test("gives the opening up when it is destroyed, and closes what is opened all the same", async () => {
    const opening = Promise.withResolvers<Duplex>();
    let signal: AbortSignal | undefined;
    const later = new LaterStream((given) => {
      signal = given;
      return opening.promise;
    });
    later.destroy();
    assert.equal(signal?.aborted, true);
    const [near] = memoryPair();
    opening.resolve(near);
    await once(near, "close");
  });

  test("does not read ahead of a slow reader", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true, capacityBytes: 1_024 });
    far.on("error", () => undefined);
    const later = new LaterStream(() => Promise.resolve(near));
    later.once("readable", () => undefined);
    let taken = false;
    far.write(Buffer.alloc(2_000_000), () => (taken = true));
    await turns();
    assert.equal(taken, false);
    later.resume();
    await turns();
    assert.equal(taken, true);
    later.destroy();
  });
});

/** More turns than two megabytes need in pieces of a kibibyte. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5_000; turn += 1) await new Promise(setImmediate);
}
