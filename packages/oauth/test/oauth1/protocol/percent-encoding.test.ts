import { decodeText, encodeText, recodeText } from "../../../src/oauth1/protocol/percent-encoding.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";

describe("percent-encoding (RFC 5849 section 3.6)", () => {
  it("encodes all but unreserved characters, in upper case (wiki.oauth.net, TestCases)", () => {
    const table = [
      ["abcABC123", "abcABC123"],
      ["-._~", "-._~"],
      ["%", "%25"],
      ["+", "%2B"],
      ["&=*", "%26%3D%2A"],
      ["\n", "%0A"],
      [" ", "%20"],
      ["\u007f", "%7F"],
      ["\u0080", "%C2%80"],
      ["\u3001", "%E3%80%81"],
      ["!'()", "%21%27%28%29"],
      ["Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"],
      ["An encoded string!", "An%20encoded%20string%21"],
      ["Dogs, Cats & Mice", "Dogs%2C%20Cats%20%26%20Mice"],
      ["☃", "%E2%98%83"],
    ] as const;
    for (const [text, encoded] of table) {
      assert.equal(encodeText(text), encoded);
      assert.equal(decodeText(encoded), text);
    }
  });

  it("brings what a peer encoded in its own way into the one form", () => {
    const table = [
      ["%7e%41%2d", "~A-"],
      ["%e2%98%83", "%E2%98%83"],
      ["☃", "%E2%98%83"],
      ["a+b", "a%20b"],
      ["a%2Bb", "a%2Bb"],
      ["%2", "%252"],
      ["%", "%25"],
      ["%%41", "%25A"],
      ["%zz%20", "%25zz%20"],
      ["%ff%FE", "%FF%FE"],
    ] as const;
    for (const [raw, encoded] of table) assert.equal(recodeText(raw, "space"), encoded);
    assert.equal(recodeText("a+b", "plus"), "a%2Bb");
  });

  it("tells what is no UTF-8", () => {
    assert.equal(decodeText("%FF"), undefined);
  });

  it("gives back whatever text was encoded, and leaves what is encoded as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(decodeText(encodeText(text)), text);
        assert.equal(recodeText(encodeText(text), "space"), encodeText(text));
      }),
    );
  });

  it("keeps any two byte strings apart", () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 });
    const raw = (values: readonly number[]): string =>
      values.map((value) => `%${value.toString(16).padStart(2, "0")}`).join("");
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const isSame = recodeText(raw(one), "space") === recodeText(raw(other), "space");
        assert.equal(isSame, raw(one) === raw(other));
      }),
    );
  });
});
