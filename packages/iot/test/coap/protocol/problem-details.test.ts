import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coapProblem, CoapReply } from "@fairlead/iot/coap";
import { type CoapProblem, parseCoapUri, readCoapProblem, writeCoapProblem } from "@fairlead/iot/coap/protocol";
import { encode, Tagged } from "cborg";
import fc from "fast-check";

describe("concise problem details (RFC 9290)", () => {
  const taken: readonly (readonly [what: string, written: unknown, read: CoapProblem])[] = [
    ["a title alone", new Map([[-1, "No room"]]), { title: { text: "No room" } }],
    [
      "every standard entry",
      new Map<number, unknown>([
        [-1, "No room"],
        [-2, "The log has 4 of 4 entries"],
        [-3, "/problems/7"],
        [-4, 0x8d],
        [-5, "coap://device/"],
      ]),
      {
        title: { text: "No room" },
        detail: { text: "The log has 4 of 4 entries" },
        instance: "/problems/7",
        code: "4.13",
        base: "coap://device/",
      },
    ],
    [
      "a text in a language of its own, and one in the base language (section 2.1)",
      new Map<number, unknown>([
        [-1, new Tagged(38, ["he", "שלום", true])],
        [-2, "Hallo"],
        [-6, "de"],
        [-7, false],
      ]),
      {
        title: { text: "שלום", language: "he", isRightToLeft: true },
        detail: { text: "Hallo", language: "de", isRightToLeft: false },
      },
    ],
    [
      "custom entries, and standard ones that came later (section 3)",
      new Map<unknown, unknown>([
        [-1, "x"],
        [-99, 1],
        [4711, new Map([[0, "x"]])],
        ["tag:example.org,2026:a", true],
      ]),
      {
        title: { text: "x" },
        entries: new Map<string | number, CborLike>([
          [-99, 1],
          [4711, new Map([[0, "x"]])],
          ["tag:example.org,2026:a", true],
        ]),
      },
    ],
  ];
  for (const [what, written, read] of taken) {
    test(`has ${what}`, () => assert.deepEqual(readCoapProblem(encode(written)), read));
  }

  const refused: readonly (readonly [what: string, bytes: Uint8Array])[] = [
    ["nothing", new Uint8Array(0)],
    ["no map", encode(["No room"])],
    ["an empty map", encode(new Map())],
    ["a title that is a number", encode(new Map([[-1, 1]]))],
    ["a title of three languages", encode(new Map([[-1, new Tagged(38, ["a", "b", true, "c"])]]))],
    ["a code of two bytes", encode(new Map([[-4, 256]]))],
    ["two titles", Uint8Array.of(0xa2, 0x20, 0x61, 0x61, 0x20, 0x61, 0x62)],
    ["something behind it", Uint8Array.of(0xa1, 0x20, 0x61, 0x61, 0x00)],
  ];
  for (const [what, bytes] of refused) {
    test(`is not ${what}`, () => assert.equal(readCoapProblem(bytes), undefined));
  }

  test("is read as it was written", () => {
    const text = fc.record({ text: fc.string(), language: fc.constantFrom("en", "he") }, { noNullPrototype: true });
    const problem = fc.record(
      { title: text, detail: text, instance: fc.string(), code: fc.constantFrom("4.04" as const, "5.00" as const) },
      { requiredKeys: ["title"] },
    );
    fc.assert(
      fc.property(problem, (one) => assert.deepEqual({ ...readCoapProblem(writeCoapProblem(one)) }, { ...one })),
    );
  });

  test("whatever arrives, is read or is none", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readCoapProblem(bytes)));
  });

  test("goes from a server's answer to a client's reply", () => {
    const problem = { title: { text: "The valve is open" }, entries: new Map([["tag:example.org,2026:valve", 3]]) };
    const uri = parseCoapUri("coap://device/valve");
    assert.deepEqual(new CoapReply(uri, coapProblem("Conflict", problem)).problem, problem);
    assert.equal(new CoapReply(uri, { ...coapProblem("Conflict", problem), options: [] }).problem, undefined);
  });

  test("of which nothing is said is not written", () => {
    assert.throws(() => writeCoapProblem({}), { code: "OPTION_INVALID" });
  });
});

type CborLike = number | string | boolean | Map<number, string>;
