import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { threads } from "../../../src/gateway/workers/thread.ts";

test("what a thread has said before its end is read, also when its end is known first", async () => {
  const start = threads({ module: new URL("../programs/last-words.ts", import.meta.url) });
  const { stream, ended } = await start(() => undefined);
  assert.equal(await ended, "exit code 0");
  assert.equal(await text(stream), "last words");
});
