import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutValue } from "../../src/contract/without-value.ts";

describe("what a schema says of a value", () => {
  const cases: readonly (readonly [message: string, value: unknown, said: string])[] = [
    ["Invalid input: expected string, received number", 7, "Invalid input: expected string, received number"],
    ['Invalid type: Expected number but received "hunter2"', "hunter2", "Invalid type: Expected number"],
    ["must be at least 1 (was -417)", -417, "must be at least 1"],
    ['"hunter2" is no date', "hunter2", "… is no date"],
    ["'hunter2' and `hunter2` are none", "hunter2", "… and … are none"],
    [String.raw`"a\"b" is none`, 'a"b', "… is none"],
    ["417 is not more than 417", 417, "417 is not more than …"],
    ["expected at least 4170 of x417", 417, "expected at least 4170 of x417"],
    ["Invalid email", "Invalid email", "Invalid email"],
    ["", "", ""],
  ];
  for (const [message, value, said] of cases) {
    test(`${message} of ${String(value)} is ${said}`, () => assert.equal(withoutValue(message, value), said));
  }

  test("is no longer for being about something long, nor takes long", () => {
    const long = " (was ".repeat(200_000);
    assert.equal(withoutValue(`x${long}`, long), "x");
    assert.ok(withoutValue("x".repeat(1_000_000), 7).length < 600);
  });
});
