import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { batches, bulk, readMultiStatus, type Outcome } from "../../src/patterns/index.ts";

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("many calls", () => {
  test("give each outcome, and one that fails does not end the others", async () => {
    const failure = new Error("no");
    const outcomes = await all(
      bulk([1, 2, 3], (item) => {
        if (item === 2) throw failure;
        return Promise.resolve(item * 10);
      }),
    );
    outcomes.sort((left, right) => left.index - right.index);
    assert.deepEqual(outcomes, [
      { type: "done", index: 0, item: 1, value: 10 },
      { type: "failed", index: 1, item: 2, error: failure },
      { type: "done", index: 2, item: 3, value: 30 },
    ] satisfies Outcome<number, number>[]);
  });

  test("are under way as many as allowed, and items are taken no earlier", async () => {
    let taken = 0;
    let underWay = 0;
    let most = 0;
    const items = function* (): Generator<number> {
      for (let item = 0; item < 20; item += 1) {
        taken += 1;
        yield item;
      }
    };
    let seen = 0;
    for await (const outcome of bulk(
      items(),
      async () => {
        most = Math.max(most, (underWay += 1));
        await setImmediate();
        underWay -= 1;
      },
      { concurrency: 3 },
    )) {
      seen += 1;
      assert.equal(outcome.type, "done");
      assert.ok(taken <= seen + 3);
    }
    assert.deepEqual([seen, most], [20, 3]);
  });

  test("end when the loop is left: what is under way is told, and the items are closed", async () => {
    const signals: AbortSignal[] = [];
    let isClosed = false;
    const items = async function* (): AsyncGenerator<number> {
      try {
        for (let item = 0; ; item += 1) yield await Promise.resolve(item);
      } finally {
        isClosed = true;
      }
    };
    for await (const outcome of bulk(items(), (item, signal) => {
      signals.push(signal);
      return item === 0 ? item : new Promise(() => undefined);
    })) {
      assert.equal(outcome.index, 0);
      break;
    }
    assert.ok(isClosed);
    assert.equal(signals.length, 4);
    assert.ok(signals.every(({ aborted }) => aborted));
  });

  test("end with the signal's reason, though a call does not listen", { timeout: 60_000 }, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const calls = all(bulk([1, 2], () => new Promise(() => undefined), { signal: controller.signal }));
    const rejected = assert.rejects(calls, reason);
    await setImmediate();
    controller.abort(reason);
    await rejected;
  });

  test("need a number that is one", async () => {
    for (const concurrency of [0, 1.5, Number.NaN]) {
      await assert.rejects(all(bulk([1], () => 1, { concurrency })), { code: "OPTION_INVALID" });
    }
    await assert.rejects(all(batches([1], 0)), { code: "OPTION_INVALID" });
  });

  test("can be made for several items each", async () => {
    assert.deepEqual(await all(batches([1, 2, 3, 4, 5], 2)), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(await all(batches([], 2)), []);
    const sums = await all(
      bulk(batches([1, 2, 3], 2), (batch) => batch.reduce((sum, item) => sum + item), { concurrency: 1 }),
    );
    assert.deepEqual(
      sums.map((outcome) => outcome.type === "done" && outcome.value),
      [3, 3],
    );
  });
});

describe("an answer about several things", () => {
  test("says what became of each", () => {
    const parts = [
      { id: 1, status: 201 },
      { href: "/a", status: "422", error: { code: "x", message: "bad" } },
      { "@odata.id": "b", statusCode: 500, body: { title: "broken" } },
    ];
    const expected = [
      { id: "1", status: 201, problem: undefined, part: parts[0] },
      {
        id: "/a",
        status: 422,
        problem: { type: "about:blank", status: 422, code: "x", detail: "bad" },
        part: parts[1],
      },
      { id: "b", status: 500, problem: { type: "about:blank", title: "broken" }, part: parts[2] },
    ];
    for (const document of [parts, { responses: parts }, { results: parts }])
      assert.deepEqual(readMultiStatus(document), expected);
  });
  for (const document of [
    null,
    1,
    {},
    [1],
    [{}],
    [{ status: "ok" }],
    [{ status: 99 }],
    { items: [{ status: 200 }, {}] },
  ]) {
    test(`is not ${JSON.stringify(document)}`, () => {
      assert.equal(readMultiStatus(document), undefined);
    });
  }
});
