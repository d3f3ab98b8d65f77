import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultHttpLimits, httpLimits } from "../../src/exchange/index.ts";

test("what is not named, or is undefined, is as by default", () => {
  assert.deepEqual(httpLimits(), defaultHttpLimits);
  const named = { bodyBytes: undefined, fields: 7, bodyMilliseconds: Infinity } as unknown as { fields: number };
  assert.deepEqual(httpLimits(named), { ...defaultHttpLimits, fields: 7, bodyMilliseconds: Infinity });
});

for (const [name, value] of [
  ["bodyBytes", NaN],
  ["bodyBytes", -1],
  ["headMilliseconds", "5"],
  ["headMiliseconds", 5],
  ["toString", 5],
  ["fields", null],
] as const) {
  test(`a limit that would hold nothing is refused: ${name}, ${String(value)}`, () => {
    assert.throws(
      () => httpLimits({ [name]: value }),
      (error: Error & { code?: string }) => error.code === "OPTION_INVALID" && error.message.includes(`limits.${name}`),
    );
  });
}
