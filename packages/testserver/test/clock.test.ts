import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NetworkClock } from "../src/clock.ts";

describe("the clock of a network", () => {
  test("runs by another, and goes on from where it is put", () => {
    let base = Date.UTC(2026, 0, 1);
    const clock = new NetworkClock(() => base);
    assert.equal(clock.now(), base);
    clock.set(new Date("2030-06-01T00:00:00Z"));
    base += 5000;
    assert.equal(new Date(clock.now()).toISOString(), "2030-06-01T00:00:05.000Z");
    clock.advance(-60_000);
    assert.equal(new Date(clock.now()).toISOString(), "2030-05-31T23:59:05.000Z");
    clock.advance(-clock.offsetMilliseconds);
    assert.equal(clock.now(), base);
  });

  test("tells who listens of each change, until they leave", () => {
    const clock = new NetworkClock(() => 1e12);
    const heard: number[] = [];
    const leave = clock.onChange(() => heard.push(clock.now()));
    clock.advance(1000);
    leave();
    clock.advance(1000);
    assert.deepEqual(heard, [1e12 + 1000]);
  });

  for (const [what, time] of [
    ["no time", Number.NaN],
    ["before the authorities", Date.UTC(1970, 5, 1)],
    ["after them", Date.UTC(2049, 0, 1)],
  ] as const) {
    test(`stays where it is for ${what}`, () => {
      const clock = new NetworkClock(() => 1e12);
      assert.throws(() => {
        clock.set(time);
      }, RangeError);
      assert.equal(clock.now(), 1e12);
    });
  }
});
