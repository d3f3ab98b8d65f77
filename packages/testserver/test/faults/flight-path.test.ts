import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ActiveFault } from "../../src/faults/active-fault.ts";
import { FlightPath } from "../../src/faults/flight-path.ts";
import type { SeededFault } from "../../src/faults/parse-fault.ts";

/** What lands at once of datagrams that come, by their numbers. */
function land(faults: readonly SeededFault[], datagrams: readonly Uint8Array[]): readonly number[] {
  const landed: number[] = [];
  const path = new FlightPath<number>(
    "up",
    () => undefined,
    (_, number) => landed.push(number),
  );
  for (const [index, fault] of faults.entries()) path.meet(new ActiveFault(index, fault), 1);
  for (const [number, bytes] of datagrams.entries()) path.take(bytes, number);
  path.end();
  return landed;
}

const up = { direction: "up", seed: 7 } as const;

describe("the way of datagrams", () => {
  test("drops what comes when so many, or so many bytes, are on their way already", async () => {
    for (const [sizeBytes, limit] of [
      [1, 4_096],
      [65_507, 16],
    ] as const) {
      const landed: number[] = [];
      const all = Promise.withResolvers<number>();
      const path = new FlightPath<number>(
        "up",
        () => undefined,
        (_, number) => {
          if (landed.push(number) === limit) all.resolve(number);
        },
      );
      path.meet(new ActiveFault(1, { type: "latency", milliseconds: 1_000, ...up }), 1);
      const bytes = new Uint8Array(sizeBytes);
      for (let number = 0; number < 5_000; number += 1) path.take(bytes, number);
      await all.promise;
      assert.deepEqual(
        landed,
        Array.from({ length: limit }, (_, number) => number),
      );
      path.end();
    }
  });

  test("makes no more of one datagram than may be on its way", () => {
    const many = Array.from({ length: 12 }, () => ({ type: "duplicate" as const, copies: 16, ...up }));
    assert.equal(land(many, [new Uint8Array(1)]).length, 4_096);
  });

  test("ends soon where what was made many is lost, or too large to be on its way", () => {
    const many = Array.from({ length: 64 }, () => ({ type: "duplicate" as const, copies: 16, ...up }));
    assert.deepEqual(land([...many, { type: "loss", ...up }], [new Uint8Array(1)]), []);
    assert.equal(land(many, [new Uint8Array(65_507)]).length, 16);
  });

  test("passes straight where nothing acts on its direction", () => {
    const datagrams = [new Uint8Array(1), new Uint8Array(0)];
    assert.deepEqual(land([], datagrams), [0, 1]);
    assert.deepEqual(land([{ type: "loss", direction: "down", seed: 1 }], datagrams), [0, 1]);
    assert.deepEqual(land([{ type: "loss", ...up }], datagrams), []);
    assert.deepEqual(land([{ type: "loss", ...up, probability: 0 }], datagrams), [0, 1]);
  });

  test("lets go of what waited to be overtaken when the fault goes", () => {
    const landed: number[] = [];
    const path = new FlightPath<number>(
      "up",
      () => undefined,
      (_, number) => landed.push(number),
    );
    const reorder = new ActiveFault(1, { type: "reorder", behind: 9, ...up });
    path.meet(reorder, 1);
    path.take(new Uint8Array(1), 0);
    path.take(new Uint8Array(1), 1);
    assert.deepEqual(landed, [1]);
    path.leave(reorder);
    assert.deepEqual(landed, [1, 0]);
  });
});
