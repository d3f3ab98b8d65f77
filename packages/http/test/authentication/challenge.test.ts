import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseAuthenticationInfo, parseChallenges } from "../../src/authentication/index.ts";

const read = (...values: readonly string[]): unknown =>
  parseChallenges(values).map(({ scheme, token68, parameters }) =>
    token68 === undefined ? [scheme, Object.fromEntries(parameters)] : [scheme, token68],
  );

describe("challenges (RFC 9110 section 11.6.1)", () => {
  for (const [value, expected] of [
    ["Basic", [["basic", {}]]],
    ['Basic realm="simple"', [["basic", { realm: "simple" }]]],
    ["Basic realm=simple", [["basic", { realm: "simple" }]]],
    ['Basic realm = "a" , charset="UTF-8"', [["basic", { realm: "a", charset: "UTF-8" }]]],
    [String.raw`Basic realm="\"quo\\ted\", Digest"`, [["basic", { realm: '"quo\\ted", Digest' }]]],
    ['Basic realm="a", realm="b"', [["basic", { realm: "a" }]]],
    [
      "NTLM, Negotiate",
      [
        ["ntlm", {}],
        ["negotiate", {}],
      ],
    ],
    ["NTLM TlRMTVNTUAACAAAA==", [["ntlm", "TlRMTVNTUAACAAAA=="]]],
    [
      "Negotiate abc=, Basic realm=x",
      [
        ["negotiate", "abc="],
        ["basic", { realm: "x" }],
      ],
    ],
    // The example of RFC 9110: two challenges, the second with parameters that hold a comma.
    [
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ["basic", { realm: "simple" }],
        ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
      ],
    ],
    [
      ",, Basic realm=x,, ,Digest nonce=y,",
      [
        ["basic", { realm: "x" }],
        ["digest", { nonce: "y" }],
      ],
    ],
    // What breaks the grammar ends the line.
    ['Basic realm="open', [["basic", {}]]],
    ["@nonsense, Basic", []],
    // Nothing is read that a field of ours could not hold.
    ['Digest nonce="a\r\nX: y", realm="r"', [["digest", {}]]],
    ['Digest realm="r", nonce="a\0"', [["digest", { realm: "r" }]]],
    ["", []],
  ] as const) {
    test(value === "" ? "are none in an empty field" : `are read from ${value}`, () => {
      assert.deepEqual(read(value), expected);
    });
  }

  test("are read from all lines, and not without end", () => {
    assert.deepEqual(read("Basic realm=a", "Digest nonce=b"), [
      ["basic", { realm: "a" }],
      ["digest", { nonce: "b" }],
    ]);
    assert.equal(parseChallenges(Array.from({ length: 100 }, () => "Basic")).length, 32);
  });

  test("are read from whatever arrives, in time that grows with its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (value) => {
        for (const { scheme } of parseChallenges([value])) assert.match(scheme, /^[^\s,A-Z]+$/);
      }),
    );
    for (const long of ['a="', "a=", "Basic ", " ", ",", '\\"', "a b=c,"])
      parseChallenges([`Basic ${long.repeat(20_000)}`]);
  });

  test("Authentication-Info is a list of parameters", () => {
    assert.deepEqual(
      [...parseAuthenticationInfo('nextnonce="abc", nc=00000001, qop=auth')],
      [
        ["nextnonce", "abc"],
        ["nc", "00000001"],
        ["qop", "auth"],
      ],
    );
  });
});
