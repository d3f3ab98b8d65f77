import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvent } from "../../../src/page/client/read-event.ts";
import { reconnectDelayMilliseconds } from "../../../src/page/client/reconnect-delay.ts";
import { readProblem } from "../../../src/page/client/request-problem.ts";

test("a lost connection is tried again soon, then less often, at least every five seconds", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 1_000_000].map(reconnectDelayMilliseconds),
    [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000],
  );
});

test("an event that this page does not know is passed over", () => {
  assert.equal(readEvent('{"type":"toString"}'), undefined);
  assert.equal(readEvent('{"type":"of-tomorrow"}'), undefined);
  assert.equal(readEvent("[]"), undefined);
  assert.deepEqual(readEvent('{"type":"question-gone","id":3}'), { type: "question-gone", id: 3 });
});

test("an answer that is no Problem Details is a problem all the same", () => {
  assert.equal(readProblem(502, undefined).message, "HTTP 502");
  assert.equal(readProblem(502, { title: 7 }).message, "HTTP 502");
  const { message, code, remedy } = readProblem(409, {
    detail: "it is under way",
    code: "BUSY",
    remedy: "wait for it",
  });
  assert.deepEqual([message, code, remedy], ["it is under way", "BUSY", "wait for it"]);
});
