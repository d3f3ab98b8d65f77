import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bearerCredentials } from "../../src/authentication/index.ts";

describe("Bearer (RFC 6750 section 2.1)", () => {
  test("sends a token as it is", () => {
    assert.equal(bearerCredentials("mF_9.B5f-4.1JqM/~+=="), "Bearer mF_9.B5f-4.1JqM/~+==");
  });

  for (const token of ["", "a b", "a\r\nX: y", "a,b", "=a", "\u00e9", "a\n"]) {
    test(`sends nothing for ${JSON.stringify(token)}`, () => {
      assert.equal(bearerCredentials(token), undefined);
    });
  }
});
