import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findById, mergeById } from "../../../src/page/state/by-id.ts";
import { type ConsoleHappening, emptyState } from "../../../src/page/state/console-state.ts";
import { reduce } from "../../../src/page/state/reduce.ts";
import { type Told, toldAfter } from "../../../src/page/state/told-anew.ts";
import { fakeHello, fakeListed } from "../../fake/fake-transaction.ts";

const after = (...happenings: ConsoleHappening[]) => happenings.reduce(reduce, emptyState);
const told = (...ids: number[]): ConsoleHappening => ({
  type: "transactions",
  transactions: ids.map((id) => fakeListed(id)),
});

describe("what the page knows", () => {
  test("has transactions by id, each once, as they were told last", () => {
    const state = after(fakeHello, told(1, 2, 3), {
      type: "transactions",
      transactions: [fakeListed(2, { status: 404 })],
    });
    assert.deepEqual(
      state.transactions.map(({ id, status }) => [id, status]),
      [
        [1, 200],
        [2, 404],
        [3, 200],
      ],
    );
  });

  test("lets go of those that are kept no longer", () => {
    const state = after(fakeHello, told(1, 2, 3, 4), { type: "transactions-gone", below: 3 });
    assert.deepEqual(
      state.transactions.map(({ id }) => id),
      [3, 4],
    );
  });

  test("keeps what it shows while the connection is lost, and begins anew with the next hello", () => {
    const lost = after(fakeHello, told(1, 2), { type: "connection-lost" });
    assert.equal(lost.connection, "lost");
    assert.equal(lost.transactions.length, 2);
    const back = [fakeHello, told(2, 3)].reduce(reduce, lost);
    assert.equal(back.connection, "live");
    assert.deepEqual(
      back.transactions.map(({ id }) => id),
      [2, 3],
    );
  });

  test("shows what it knew until all is told anew, and then that alone", () => {
    const start: Told = { shown: emptyState, anew: undefined };
    const idsAfter = (...happenings: ConsoleHappening[]): readonly [readonly number[], string] => {
      const { shown } = happenings.reduce(toldAfter, start);
      return [shown.transactions.map(({ id }) => id), shown.connection];
    };
    const all: ConsoleHappening = { type: "told-all" };
    const lost: ConsoleHappening = { type: "connection-lost" };
    const before = [fakeHello, told(1, 2), all, told(3), lost];
    assert.deepEqual(idsAfter(fakeHello, told(1)), [[1], "live"]);
    assert.deepEqual(idsAfter(...before), [[1, 2, 3], "lost"]);
    assert.deepEqual(idsAfter(...before, fakeHello, told(2, 3)), [[1, 2, 3], "lost"]);
    assert.deepEqual(idsAfter(...before, fakeHello, told(2, 3), all), [[2, 3], "live"]);
    // It is lost again before all was told.
    assert.deepEqual(idsAfter(...before, fakeHello, told(9), lost, told(4)), [[1, 2, 3, 4], "lost"]);
    assert.deepEqual(idsAfter(...before, fakeHello, told(9), lost, fakeHello, told(4), all, told(5)), [[4, 5], "live"]);
  });

  test("asks questions in the order in which they came, until they are gone", () => {
    const question = (id: number) =>
      ({
        type: "redirect",
        id,
        from: "https://a.example/",
        to: "http://b.example/",
        status: 302,
        isLessSafe: true,
      }) as const;
    const state = after(
      { type: "question", question: question(1) },
      { type: "question", question: question(2) },
      { type: "question-gone", id: 1 },
      { type: "question-gone", id: 9 },
    );
    assert.deepEqual(
      state.questions.map(({ id }) => id),
      [2],
    );
  });

  test("leaves untouched what a happening does not concern", () => {
    const before = after(fakeHello, told(1));
    const state = reduce(before, { type: "connectivity", state: "offline" });
    assert.equal(state.transactions, before.transactions);
    assert.equal(state.connectivity, "offline");
  });

  test("has how many faults act, and none when it begins anew", () => {
    const state = after(fakeHello, { type: "faults", count: 2 });
    assert.equal(state.faults, 2);
    assert.equal(reduce(state, fakeHello).faults, 0);
  });
});

test("a list by ids stays in order, whatever is put into it in whatever order", () => {
  const things = fc.array(fc.record({ id: fc.nat(50), value: fc.nat() }));
  fc.assert(
    fc.property(things, things, (first, second) => {
      const merged = mergeById(mergeById([], first), second);
      const expected = new Map([...first, ...second].map((each) => [each.id, each]));
      assert.deepEqual(
        merged,
        [...expected.values()].sort((a, b) => a.id - b.id),
      );
      for (const each of merged) assert.equal(findById(merged, each.id), each);
    }),
  );
});
