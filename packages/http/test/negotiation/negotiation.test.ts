import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { chooseCoding, chooseLanguage, chooseMediaType, parseWeighted } from "../../src/negotiation/index.ts";

describe("lists with weights (RFC 9110 section 12.4.2)", () => {
  for (const [value, expected] of [
    ["gzip", "gzip 1"],
    ["gzip;q=0.5, br", "gzip 0.5 | br 1"],
    ["gzip ; Q=0.001 ,, *;q=0", "gzip 0.001 | * 0"],
    ["text/html;level=1;q=0.4;ext=2", "text/html level=1 0.4"],
    ['text/plain;a="b,c;q=0\\"d";q=0.3', 'text/plain a=b,c;q=0"d 0.3'],
    ["gzip;q=1.001", ""],
    ["gzip;q=0.1234", ""],
    ["gzip;q=-1", ""],
    ["gzip;q=", ""],
    ["gzip;q", ""],
    ["a b", ""],
    ["", ""],
    ['text/plain;a="b', ""],
  ] as const) {
    test(`${value || "nothing"} is ${expected || "nothing"}`, () => {
      const text = parseWeighted(value)
        .map((member) => [member.value, ...member.parameters.map((pair) => pair.join("=")), member.weight].join(" "))
        .join(" | ");
      assert.equal(text, expected);
    });
  }

  test("no more members are looked at than anybody means", () => {
    assert.equal(parseWeighted("a,".repeat(10_000)).length, 100);
  });

  test("whatever arrives, weights are from 0 to 1", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "/", "*", ",", ";", "q", "=", "0", ".", "5", '"', "\\", " ") }),
        (value) => {
          for (const { weight } of parseWeighted(value)) assert.ok(weight >= 0 && weight <= 1);
        },
      ),
    );
  });
});

describe("the content coding (RFC 9110 section 12.5.3)", () => {
  const offered = ["br", "zstd", "gzip"];
  for (const [value, expected] of [
    [undefined, "identity"],
    ["", "identity"],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.9", "gzip"],
    ["*", "br"],
    ["*;q=0.5, br;q=0", "zstd"],
    ["compress", "identity"],
    ["br;q=0", "identity"],
    ["identity, gzip;q=0.5", "identity"],
    ["identity;q=0.5, gzip", "gzip"],
    ["gzip;q=0.5, identity;q=0.5", "gzip"],
    ["identity;q=0", undefined],
    ["*;q=0", undefined],
    ["*;q=0, identity", "identity"],
    ["identity;q=0, gzip;q=0.1", "gzip"],
    ["compress, identity;q=0", undefined],
  ] as const) {
    test(`${value ?? "no field"}: ${expected ?? "none"}`, () => assert.equal(chooseCoding(value, offered), expected));
  }
});

describe("the media type (RFC 9110 section 12.5.1)", () => {
  for (const [value, expected] of [
    [undefined, "text/html"],
    ["", "text/html"],
    ["*/*", "text/html"],
    ["application/*", "application/json"],
    ["application/json, text/html;q=0.9", "application/json"],
    ["TEXT/HTML", "text/html"],
    ["text/*;q=0.3, text/html;q=0.1, application/json;q=0.2", "text/plain;format=flowed"],
    ["text/plain;format=fixed, */*;q=0.1", "text/html"],
    ["text/plain;format=Flowed, */*;q=0.1", "text/plain;format=flowed"],
    ["text/*, text/html;q=0, text/plain;q=0", undefined],
    ["image/png", undefined],
    ["*/*;q=0", undefined],
    ["broken;;;q=x", undefined],
  ] as const) {
    test(`${value ?? "no field"}: ${expected ?? "none"}`, () => {
      assert.equal(chooseMediaType(value, ["text/html", "application/json", "text/plain;format=flowed"]), expected);
    });
  }
});

describe("the language (RFC 9110 section 12.5.4, RFC 4647 section 3)", () => {
  for (const [value, expected] of [
    [undefined, "en"],
    ["de", "de"],
    ["DE-ch", "de"],
    ["de-CH-1996, en;q=0.5", "de"],
    ["de-CH, de;q=0, en;q=0.5", "en"],
    ["zh, zh-Hant;q=0.1, de;q=0.5", "de"],
    ["zh-Hant-TW", "zh-Hant"],
    ["zh-x-private", undefined],
    ["zh", "zh-Hant"],
    ["fr, en;q=0.1", "en"],
    ["fr", undefined],
    ["*, en;q=0", "de"],
    ["en;q=0, de;q=0, en-GB", undefined],
    ["*;q=0.1, de;q=0.2", "de"],
    [`${"a".repeat(30_000)}-`, undefined],
    ["a-".repeat(15_000), undefined],
  ] as const) {
    test(`${value?.slice(0, 40) ?? "no field"}: ${expected ?? "none"}`, () => {
      assert.equal(chooseLanguage(value, ["en", "de", "zh-Hant"]), expected);
    });
  }
});
