import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticationError } from "@fairlead/core";
import { negotiate } from "@fairlead/gssapi";

describe("a library that cannot be used is reported with what installs it, and nothing is thrown before it is used", () => {
  for (const [what, library, says] of [
    ["is not there", "libgssapi-of-nowhere.so", /libgssapi-of-nowhere/],
    ["is another library", "libc.so.6", /gss_/],
  ] as const) {
    test(`when it ${what}`, () => {
      const scheme = negotiate({ library });
      const error = scheme.unavailable();
      assert.ok(error instanceof AuthenticationError);
      assert.equal(error.code, "GSSAPI_UNAVAILABLE");
      assert.match(error.message, says);
      assert.match(error.remedy, /apt-get install libgssapi-krb5-2/);
      assert.throws(() => scheme.open(undefined, { host: "a.example" }), error);
    });
  }

  test("and the system's own is found", () => {
    assert.equal(negotiate().unavailable(), undefined);
  });
});
