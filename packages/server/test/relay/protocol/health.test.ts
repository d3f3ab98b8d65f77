import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterFailure,
  afterTrial,
  type Candidate,
  chooseServer,
  type Health,
  WELL,
} from "../../../src/relay/protocol/health.ts";

const policy = { failures: 2, leaveOutMilliseconds: 100 };
const out = (until: number): Health => ({ failuresInARow: 2, leftOutUntil: until });

test("failures in a row leave a server out for a while", () => {
  const once = afterFailure(WELL, policy, 1_000);
  assert.deepEqual(once, { failuresInARow: 1, leftOutUntil: 0 });
  const twice = afterFailure(once, policy, 2_000);
  assert.deepEqual(twice, { failuresInARow: 2, leftOutUntil: 2_100 });
  assert.deepEqual(afterFailure(twice, policy, 3_000), { failuresInARow: 3, leftOutUntil: 3_100 });
});

test("one request tries it when its time is over, and others do not meanwhile", () => {
  assert.equal(afterTrial(WELL, policy, 5), WELL);
  assert.deepEqual(afterTrial(out(2_100), policy, 2_200), { failuresInARow: 2, leftOutUntil: 2_300 });
});

const well = (active: number): Candidate => ({ health: WELL, active });
const table: readonly [what: string, candidates: readonly Candidate[], turn: number, chosen: number | undefined][] = [
  ["nobody of none", [], 0, undefined],
  ["the only one, however it is", [{ health: out(9_000), active: 5 }], 3, 0],
  ["in turn among equals", [well(0), well(0), well(0)], 1, 1],
  ["in turn, round and round", [well(0), well(0), well(0)], 5, 2],
  ["the one with fewest under way", [well(3), well(1), well(2)], 0, 1],
  ["one that is well, however busy", [{ health: out(9_000), active: 0 }, well(50)], 0, 1],
  ["one whose time is over, as any other", [{ health: out(500), active: 0 }, well(1)], 0, 0],
  [
    "of those left out, the one whose time is over first",
    [
      { health: out(9_000), active: 0 },
      { health: out(8_000), active: 9 },
    ],
    0,
    1,
  ],
];
for (const [what, candidates, turn, chosen] of table) {
  test(`chosen is ${what}`, () => {
    assert.equal(chooseServer(candidates, turn, 1_000), chosen);
  });
}
