import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  formatDigests,
  formatWantedDigests,
  parseDigests,
  parseDigestText,
  type DigestAlgorithm,
} from "../../src/digest-fields/index.ts";

// RFC 9530 appendix D: {"hello": "world"} and a line feed.
const example = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
const hash = (algorithm: DigestAlgorithm, text: string): Buffer =>
  createHash(algorithm.replace("-", "")).update(text).digest();
const content = '{"hello": "world"}\n';

describe("digest fields (RFC 9530)", () => {
  test("are read: the example of appendix B", () => {
    assert.deepEqual([...parseDigests(example)], [["sha-256", new Uint8Array(hash("sha-256", content))]]);
  });

  test("are written as they are read, the strongest first", () => {
    const both = parseDigests(`${example}, sha-512=:${hash("sha-512", content).toString("base64")}:`);
    assert.deepEqual([...both.keys()], ["sha-512", "sha-256"]);
    assert.deepEqual(parseDigests(formatDigests(both)), both);
    assert.equal(formatDigests(parseDigests(example)), example);
  });

  for (const [what, value] of [
    ["there is none", undefined],
    ["the algorithm is deprecated (section 5)", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:, sha=:2jmj7l5rSw0yVb/vlWAYkK/YBwk=:"],
    ["the value is no byte sequence", "sha-256=RK, sha-512=5"],
    ["the length is another", "sha-256=:YQ==:"],
    ["the field is no dictionary (RFC 9651 section 4.2)", `${example},`],
  ] as const) {
    test(`are nothing when ${what}`, () => {
      assert.equal(parseDigests(value).size, 0);
    });
  }

  test("are asked for in order (section 4)", () => {
    assert.equal(formatWantedDigests(["sha-256", "sha-512"]), "sha-256=10, sha-512=9");
  });

  test("are read as people write them, in hexadecimal or in base64, and as nothing else", () => {
    const digest = hash("sha-256", content);
    const expected = new Uint8Array(digest);
    assert.deepEqual(parseDigestText("sha-256", digest.toString("hex")), expected);
    assert.deepEqual(parseDigestText("sha-256", digest.toString("hex").toUpperCase()), expected);
    assert.deepEqual(parseDigestText("sha-256", digest.toString("base64")), expected);
    for (const text of ["", "00", digest.toString("hex").slice(1), `${digest.toString("hex")}0`, ":, sha-256=:", "é"]) {
      assert.equal(parseDigestText("sha-256", text), undefined, text);
    }
    assert.equal(parseDigestText("sha-512", digest.toString("hex")), undefined);
  });
});
