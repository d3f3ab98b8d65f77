import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ReplayMemory } from "../src/replay-memory.ts";

describe("the memory of replays", () => {
  test("takes each flight once for as long as it is fresh", () => {
    const memory = new ReplayMemory();
    assert.equal(memory.add("one", 110, 100), true);
    assert.equal(memory.add("two", 111, 101), true);
    assert.equal(memory.add("one", 115, 105), false);
    assert.equal(memory.add("one", 110, 110), false);
    assert.equal(memory.add("one", 121, 111), true);
  });

  test("refuses whatever it has no room for, until it has", () => {
    const memory = new ReplayMemory(2);
    for (const flight of ["one", "two"]) assert.equal(memory.add(flight, 110, 100), true);
    assert.equal(memory.add("three", 110, 100), false);
    assert.equal(memory.add("three", 121, 111), true);
  });
});
