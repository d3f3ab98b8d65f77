import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { basicCredentials, isWithinBasicScope } from "../../src/authentication/index.ts";

describe("Basic (RFC 7617)", () => {
  test("sends name and password in UTF-8", () => {
    assert.equal(
      basicCredentials({ username: "Aladdin", password: "open sesame" }),
      "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    );
    assert.equal(basicCredentials({ username: "test", password: "123£" }), "Basic dGVzdDoxMjPCow==");
    assert.equal(basicCredentials({ username: "", password: "" }), "Basic Og==");
  });

  test("cannot carry a colon in a name, or a control character", () => {
    assert.equal(basicCredentials({ username: "a:b", password: "c" }), undefined);
    assert.equal(basicCredentials({ username: "a", password: "c\n" }), undefined);
    assert.equal(basicCredentials({ username: "a\0", password: "c" }), undefined);
    assert.notEqual(basicCredentials({ username: "a", password: ":" }), undefined);
  });

  test("encodes as everybody does", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "é", "漢", "🙂", " ", "~") }), (password) => {
        const expected = Buffer.from(`user:${password.normalize("NFC")}`).toString("base64");
        assert.equal(basicCredentials({ username: "user", password }), `Basic ${expected}`);
      }),
    );
  });

  for (const [authenticated, next, expected] of [
    ["http://a.example/docs/index.html", "http://a.example/docs/", true],
    ["http://a.example/docs/index.html", "http://a.example/docs/test.doc", true],
    ["http://a.example/docs/index.html", "http://a.example/docs/?page=1", true],
    ["http://a.example/docs/", "http://a.example/other/", false],
    ["http://a.example/docs/", "https://a.example/docs/", false],
    ["http://a.example/docs/", "http://a.example/docsmore", false],
    ["http://a.example/", "http://a.example/anything", true],
  ] as const) {
    test(`${next} is ${expected ? "" : "not "}within the scope of ${authenticated} (section 2.2)`, () => {
      assert.equal(isWithinBasicScope(new URL(authenticated), new URL(next)), expected);
    });
  }
});
