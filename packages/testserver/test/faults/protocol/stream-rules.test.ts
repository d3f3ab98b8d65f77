import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Fault } from "../../../src/faults/fault.ts";
import { decideAll, headFor, type PlacedRule } from "../../../src/faults/protocol/stream-rule.ts";
import { chanceOf, streamRule } from "../../../src/faults/protocol/stream-rules.ts";

/** What came of bytes: each with the moment at which it left. */
interface Course {
  readonly bytes: readonly (readonly [byte: number, at: number])[];
  /** How it ended, and when. */
  readonly ending: string;
}

/** Takes pieces that all arrive at once, and an end behind them, through faults that are met at 0, without any clock. */
function carry(faults: readonly Fault[], pieces: readonly Uint8Array[], arrivedAt = 0): Course {
  const rules = faults.flatMap((fault): readonly PlacedRule[] => {
    const rule = streamRule(fault, { chance: chanceOf(fault.seed ?? 7, 1, "down"), metAt: 0 });
    return rule === undefined ? [] : [{ rule, from: 0 }];
  });
  const held = [...pieces.filter(({ length }) => length > 0)];
  const bytes: (readonly [number, number])[] = [];
  let offset = 0;
  let now = arrivedAt;
  for (;;) {
    const first = held[0];
    const type = first === undefined ? ("end" as const) : ("bytes" as const);
    const head = { type, offset, sizeBytes: first?.length ?? 0, arrivedAt };
    const decision = decideAll(rules, head, now);
    switch (decision.type) {
      case "hold":
        return { bytes, ending: "held" };
      case "cut":
        return { bytes, ending: `${decision.how} at ${now}` };
      case "drop":
        assert.ok(first !== undefined && decision.sizeBytes > 0, "bytes are lost");
        offset += decision.sizeBytes;
        if (decision.sizeBytes === first.length) held.shift();
        else held[0] = first.subarray(decision.sizeBytes);
        continue;
      case "pass":
    }
    const cut = rules.map(({ rule }) => rule.cut).find((each) => each !== undefined && each.at <= decision.at);
    if (cut !== undefined) return { bytes, ending: `${cut.how} at ${cut.at}` };
    now = Math.max(now, decision.at);
    if (first === undefined) return { bytes, ending: `end at ${now}` };
    const leaving = Uint8Array.from(first.subarray(0, decision.sizeBytes));
    assert.ok(leaving.length > 0, "something leaves");
    for (const placed of rules) {
      const own = headFor(placed, head);
      placed.rule.change?.(leaving, own.offset);
      placed.rule.passed?.(own, leaving.length, now);
    }
    for (const byte of leaving) bytes.push([byte, now]);
    offset += leaving.length;
    if (leaving.length === first.length) held.shift();
    else held[0] = first.subarray(leaving.length);
  }
}

function zeros(count: number): readonly Uint8Array[] {
  return [new Uint8Array(count)];
}

function times({ bytes }: Course): readonly number[] {
  return [...new Set(bytes.map(([, at]) => at))];
}

describe("what faults do to a stream", () => {
  test("latency: all leaves so much later, the end too", () => {
    const course = carry([{ type: "latency", milliseconds: 200 }], zeros(5_000));
    assert.deepEqual([times(course), course.ending], [[200], "end at 200"]);
  });

  test("latency that varies: within its bounds, and in order", () => {
    const course = carry([{ type: "latency", milliseconds: 100, jitterMilliseconds: 40 }], zeros(50_000));
    for (const [, at] of course.bytes) assert.ok(at >= 60 && at <= 140);
    assert.deepEqual(
      times(course),
      times(course).toSorted((a, b) => a - b),
    );
    assert.ok(times(course).length > 1);
  });

  test("bandwidth: so many bytes a second, however large the piece", () => {
    const course = carry([{ type: "bandwidth", bytesPerSecond: 1_000 }], zeros(2_000));
    assert.equal(course.bytes.length, 2_000);
    for (const [index, [, at]] of course.bytes.entries()) assert.ok(Math.abs(at - index) <= 20, `${index} at ${at}`);
  });

  test("bandwidth of one byte a second lets one through each second", () => {
    const course = carry([{ type: "bandwidth", bytesPerSecond: 1 }], zeros(3));
    assert.deepEqual(times(course), [0, 1_000, 2_000]);
  });

  test("slice: a pause behind each piece, and none behind half of one", () => {
    const course = carry([{ type: "slice", sizeBytes: 10, pauseMilliseconds: 5 }], zeros(25));
    assert.deepEqual(
      course.bytes.map(([, at]) => at),
      [...Array<number>(10).fill(0), ...Array<number>(10).fill(5), ...Array<number>(5).fill(10)],
    );
  });

  test("stall: so many bytes, then nothing, not even the end", () => {
    assert.partialDeepStrictEqual(carry([{ type: "stall", afterBytes: 7 }], zeros(10)), { ending: "held" });
    assert.equal(carry([{ type: "stall", afterBytes: 7 }], zeros(10)).bytes.length, 7);
    assert.equal(carry([{ type: "stall", afterBytes: 7 }], zeros(7)).ending, "held");
    assert.equal(carry([{ type: "stall", afterMilliseconds: 5 }], zeros(1), 4).ending, "end at 4");
    assert.equal(carry([{ type: "stall", afterMilliseconds: 5 }], zeros(1), 5).ending, "held");
  });

  for (const type of ["reset", "close", "half-close"] as const) {
    test(`${type}: before the byte behind so many, or at its time`, () => {
      const course = carry([{ type, afterBytes: 7 }], zeros(10));
      assert.deepEqual([course.bytes.length, course.ending], [7, `${type} at 0`]);
      assert.equal(carry([{ type, afterBytes: 7 }], zeros(7)).ending, "end at 0", "no byte follows");
      assert.equal(carry([{ type }], zeros(1)).ending, `${type} at 0`);
      const late = carry(
        [
          { type, afterMilliseconds: 50 },
          { type: "latency", milliseconds: 80 },
        ],
        zeros(1),
      );
      assert.deepEqual([late.bytes, late.ending], [[], `${type} at 50`]);
    });
  }

  test("slow-close: the end alone is late", () => {
    const course = carry([{ type: "slow-close", milliseconds: 300 }], zeros(10));
    assert.deepEqual([times(course), course.ending], [[0], "end at 300"]);
  });

  test("truncate: so many bytes, and the end", () => {
    const course = carry([{ type: "truncate", bytes: 7 }], zeros(10));
    assert.deepEqual([course.bytes.length, course.ending], [7, "end at 0"]);
  });

  test("truncate and half-close: what is lost counts, however it was cut into pieces", () => {
    const faults: readonly Fault[] = [
      { type: "truncate", bytes: 0 },
      { type: "half-close", afterBytes: 1 },
    ];
    for (const pieces of [zeros(2), [...zeros(1), ...zeros(1)]]) {
      const course = carry(faults, pieces);
      assert.deepEqual([course.bytes, course.ending], [[], "half-close at 0"]);
    }
  });

  test("corrupt: one bit in each so many bytes, or in one byte", () => {
    const { bytes } = carry([{ type: "corrupt", everyBytes: 100 }], zeros(1_000));
    const wrong = [...bytes.entries()].filter(([, [byte]]) => byte !== 0);
    assert.deepEqual(
      wrong.map(([index]) => Math.floor(index / 100)),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    for (const [, [byte]] of wrong) assert.equal(byte & (byte - 1), 0, "one bit");
    const one = carry([{ type: "corrupt", atByte: 5 }], zeros(10));
    assert.deepEqual(
      [...one.bytes.entries()].filter(([, [byte]]) => byte !== 0).map(([index]) => index),
      [5],
    );
  });

  test("together: each does its own", () => {
    const course = carry(
      [
        { type: "latency", milliseconds: 100 },
        { type: "bandwidth", bytesPerSecond: 1_000 },
        { type: "slice", sizeBytes: 10, pauseMilliseconds: 30 },
        { type: "truncate", bytes: 35 },
        { type: "slow-close", milliseconds: 500 },
      ],
      zeros(50),
    );
    assert.deepEqual(times(course), [100, 130, 160, 190]);
    assert.deepEqual([course.bytes.length, course.ending], [35, "end at 500"]);
  });

  const anyFault: fc.Arbitrary<Fault> = fc.oneof(
    fc.record({ type: fc.constant("latency" as const), milliseconds: fc.nat(50), jitterMilliseconds: fc.nat(50) }),
    fc.record({
      type: fc.constant("slice" as const),
      sizeBytes: fc.integer({ min: 1, max: 99 }),
      pauseMilliseconds: fc.nat(9),
    }),
    fc.record({ type: fc.constant("corrupt" as const), everyBytes: fc.integer({ min: 1, max: 99 }) }),
    fc.record({ type: fc.constant("truncate" as const), bytes: fc.nat(2_000) }),
    fc.record({ type: fc.constantFrom("stall", "reset", "close", "half-close"), afterBytes: fc.nat(2_000) }),
    fc.record({ type: fc.constantFrom("reset", "close", "half-close"), afterMilliseconds: fc.nat(60) }),
  );
  const anyPieces = fc.array(fc.uint8Array({ maxLength: 1_500 }), { maxLength: 5 });

  test("does not depend on how the bytes were cut into pieces, and is the same again by the same seed", () => {
    fc.assert(
      fc.property(
        fc.array(anyFault, { maxLength: 4 }),
        anyPieces,
        fc.integer({ min: 1, max: 700 }),
        (faults, pieces, cut) => {
          const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
          const again = Array.from({ length: Math.ceil(whole.length / cut) }, (_, index) =>
            whole.subarray(index * cut, (index + 1) * cut),
          );
          const course = carry(faults, pieces);
          assert.deepEqual(carry(faults, again), course);
          assert.deepEqual(carry(faults, pieces), course);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("leaves every byte as it is, whole and in order, where it only delays", () => {
    const delaying = anyFault.filter(({ type }) => type === "latency" || type === "slice");
    fc.assert(
      fc.property(fc.array(delaying, { maxLength: 4 }), anyPieces, (faults, pieces) => {
        const { bytes, ending } = carry(faults, pieces);
        assert.deepEqual(
          bytes.map(([byte]) => byte),
          pieces.flatMap((piece) => [...piece]),
        );
        assert.match(ending, /^end at /);
      }),
    );
  });
});
