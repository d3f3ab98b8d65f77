import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePunycode } from "../../../src/url/idn/punycode.ts";

/** RFC 3492 section 7.1, without the samples that hold capital letters, which no URL parser gives. */
const samples: readonly (readonly [encoded: string, decoded: string])[] = [
  ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
  ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
  ["ihqwctvzc91f659drss3x8bo0yb", "他們爲什麽不說中文"],
  ["4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"],
  ["i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd", "यहलोगहिन्दीक्योंनहींबोलसकतेहैं"],
  ["n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", "なぜみんな日本語を話してくれないのか"],
  [
    "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c",
    "세계의모든사람들이한국어를이해한다면얼마나좋을까",
  ],
  ["b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"],
  ["2-u9tlzr9756bt3uc0v", "ひとつ屋根の下2"],
  ["d9juau41awczczp", "そのスピードで"],
  ["bcher-kva", "bücher"],
  ["-> $1.00 <--", "-> $1.00 <-"],
];

test("the samples of RFC 3492 section 7.1 are decoded", () => {
  for (const [encoded, decoded] of samples) assert.equal(decodePunycode(`xn--${encoded}`), decoded);
});

test("what no encoder writes is refused", () => {
  for (const encoded of ["99999999", "krank-kg706554a", "a-!", "é", "zzzzzzzzzzzzzzzzzzzz"]) {
    assert.equal(decodePunycode(`xn--${encoded}`), undefined, encoded);
  }
});

test("what the URL parser encodes is decoded to what it was", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom("a", "з", "ü", "中", "日", "한", "ไ", "अ", "1", "-"),
        minLength: 1,
        maxLength: 20,
      }),
      (label) => {
        const host = URL.parse(`https://${label}.example/`)?.hostname;
        const [ascii = ""] = host?.split(".") ?? [];
        if (ascii.startsWith("xn--")) assert.equal(decodePunycode(ascii), label.normalize("NFC"));
      },
    ),
  );
});

test("whatever arrives, it is decoded or refused, and in time", () => {
  fc.assert(
    fc.property(fc.string(), (label) => {
      decodePunycode(`xn--${label}`);
    }),
  );
  assert.equal(decodePunycode(`xn--${"a".repeat(65_536)}`), undefined);
});
