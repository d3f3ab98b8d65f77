import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Hop } from "@fairlead/access";
import {
  defaultTransactionLimits,
  TransactionLog,
  type TransactionLimits,
} from "../../src/inspection/transaction-log.ts";

/** A log, and what it told last. */
function openLog(limits: Partial<TransactionLimits> = {}): {
  readonly log: TransactionLog;
  readonly told: { gone: number };
} {
  const told = { gone: 0 };
  const listener = {
    changed: () => undefined,
    gone: (below: number) => {
      told.gone = below;
    },
  };
  return { log: new TransactionLog({ ...defaultTransactionLimits, ...limits }, listener, () => 0), told };
}

/** A request with a body, from its beginning to its end. */
function pass(log: TransactionLog, bodyBytes: number, headBytes = 100): void {
  const hop = { messages: undefined } as unknown as Hop;
  const url = "https://a.example/";
  const watch = log.requestStarted({ method: "GET", url, transaction: { hops: [hop] } });
  watch.hopStarted?.(hop);
  const { messages } = hop;
  assert(messages !== undefined);
  messages.responseFields = { x: "x".repeat(headBytes - 1) };
  messages.responseBody?.push(new Uint8Array(bodyBytes));
  watch.hopEnded?.(hop);
  watch.ended?.(undefined);
}

describe("the list of transactions", () => {
  test("keeps the latest 10,000 of 100,000, and tells which are gone", () => {
    const { log, told } = openLog();
    for (let count = 0; count < 100_000; count += 1) pass(log, 10);
    assert.equal(log.size, 10_000);
    assert.deepEqual([log.oldest, told.gone, log.lastId], [90_001, 90_001, 100_000]);
    assert.equal(log.heldBytes, 10_000 * 110);
    assert.equal(log.find(90_000), undefined);
  });

  test("gives up bodies before requests, the oldest first", () => {
    const { log } = openLog({ bodyBytes: 1_000, allBodiesBytes: 10_000 });
    for (let count = 0; count < 50; count += 1) pass(log, 1_000);
    assert.equal(log.size, 50);
    assert.equal(log.heldBytes, 50 * 100 + 10_000);
    const isKept = (id: number): boolean | undefined =>
      log.find(id)?.transaction.hops[0]?.messages?.responseBody?.isWhole;
    assert.deepEqual([isKept(40), isKept(41), isKept(50)], [false, true, true]);
  });

  test("keeps nothing of a body that is too large", () => {
    const { log } = openLog({ bodyBytes: 1_000 });
    pass(log, 1_001);
    assert.equal(log.heldBytes, 100);
  });

  test("is bounded in the bytes of heads as well", () => {
    const { log } = openLog({ headBytes: 10_000 });
    for (let count = 0; count < 50; count += 1) pass(log, 0, 1_000);
    assert.equal(log.size, 10);
  });

  test("shows nothing of what was under way when it was cleared", () => {
    const { log, told } = openLog();
    const watch = log.requestStarted({ method: "GET", url: "https://a.example/", transaction: { hops: [] } });
    log.clear();
    watch.ended?.(undefined);
    assert.deepEqual([log.size, told.gone, log.heldBytes], [0, 2, 0]);
  });
});
