import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { memoryPair, readUntil } from "../src/index.ts";

/** Reads a line, and gives back what follows it. */
function readLine(below: Duplex, signal?: AbortSignal): Promise<string> {
  let line = "";
  return readUntil(below, {
    signal,
    take(chunk) {
      line += chunk.toString();
      const end = line.indexOf("\n");
      return end === -1 ? undefined : { answer: line.slice(0, end), rest: Buffer.from(line.slice(end + 1)) };
    },
    failure: (error) => error ?? new Error("it ended"),
  });
}

describe("reading the beginning of a stream", () => {
  test("leaves the rest to whoever comes next, and no listener", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const before = near.eventNames().length;
    const { signal } = new AbortController();
    const reading = readLine(near, signal);
    far.write("hel");
    await once(near, "readable");
    far.end("lo\nand the rest");
    assert.equal(await reading, "hello");
    assert.equal(near.eventNames().length, before);
    assert.equal(getEventListeners(signal, "abort").length, 0);
    assert.equal(await text(near), "and the rest");
    near.destroy();
  });

  test("takes what is there already", async () => {
    const [near, far] = memoryPair();
    far.write("first\nsecond\n");
    await once(near, "readable");
    assert.equal(await readLine(near), "first");
    assert.equal(await readLine(near), "second");
    near.destroy();
    far.destroy();
  });

  test("fails with what the stream failed with, at its end, by what is thrown, and by the signal", async () => {
    const [failing, other] = memoryPair();
    const failed = readLine(failing);
    failing.destroy(new Error("broken"));
    await assert.rejects(failed, /broken/);
    other.destroy();

    const [ending, far] = memoryPair();
    const ended = readLine(ending);
    far.end("no line");
    await assert.rejects(ended, /it ended/);

    const [near, peer] = memoryPair();
    const thrown = readUntil(near, { take: () => assert.fail("no"), failure: () => new Error(), signal: undefined });
    peer.write("x");
    await assert.rejects(thrown, /no/);

    const reason = new Error("enough");
    await assert.rejects(readLine(near, AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const aborted = readLine(near, controller.signal);
    controller.abort(reason);
    await assert.rejects(aborted, reason);
    assert.equal(near.destroyed, false);
    near.destroy();
    peer.destroy();
  });
});
