import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutDropped } from "../../../src/server/protocol/without-dropped.ts";

describe("what a schema has dropped", () => {
  const date = new Date(0);
  class Row {
    id = 1;
    secret = "s";
    get name(): string {
      return `n${String(this.id)}`;
    }
  }
  const cases: readonly (readonly [what: string, given: unknown, made: unknown, written: unknown])[] = [
    ["is left out", { a: 1, b: 2 }, { a: 1 }, { a: 1 }],
    [
      "is left out within",
      { a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }] },
      { a: { b: 1 }, d: [{ e: 1 }] },
      { a: { b: 1 }, d: [{ e: 1 }] },
    ],
    ["is left out by names that all objects have", { a: 1, toString: 2 }, { a: 1 }, { a: 1 }],
    [
      "leaves what it has changed as it was given",
      { at: "1970", n: "1", x: 0 },
      { at: date, n: 1 },
      { at: "1970", n: "1" },
    ],
    ["leaves what it has added out", { a: 1, x: 0 }, { a: 1, b: 2 }, { a: 1 }],
    ["has getters of classes written", new Row(), { id: 1, name: "n1" }, { id: 1, name: "n1" }],
    ["leaves lists of another length alone", [{ a: 1, b: 2 }], [], [{ a: 1, b: 2 }]],
    ["leaves what says itself how it is written alone", { at: date }, { at: {} }, { at: date }],
    ["leaves null alone", { a: null }, { a: {} }, { a: null }],
  ];
  for (const [what, given, made, written] of cases) {
    test(what, () => assert.deepEqual(withoutDropped(given, made), written));
  }

  test("is the same value where there is nothing", () => {
    const given = { a: [{ b: 1 }], c: null };
    assert.equal(withoutDropped(given, structuredClone(given)), given);
  });
});
