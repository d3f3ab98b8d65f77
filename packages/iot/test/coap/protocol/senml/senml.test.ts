import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSenml, resolveSenml, type SenmlRecord, writeSenml } from "@fairlead/iot/coap/protocol";
import { encode, Tagged } from "cborg";
import fc from "fast-check";

const now = 1.7e9;

/** RFC 8428 section 5.1.2, which section 6 has in CBOR. */
const manyPoints = JSON.stringify([
  { bn: "urn:dev:ow:10e2073a0108006:", bt: 1.276020076001e9, bu: "A", bver: 5, n: "voltage", u: "V", v: 120.1 },
  { n: "current", t: -5, v: 1.2 },
  { n: "current", t: -4, v: 1.3 },
]);
const manyPointsCbor =
  "83a721781b75726e3a6465763a6f773a313065323037336130313038303036" +
  "3a22fb41d303a15b00106223614120050067766f6c7461676501615602fb40" +
  "5e066666666666a3006763757272656e74062402fb3ff3333333333333a300" +
  "6763757272656e74062302fb3ff4cccccccccccd";

const utf8 = new TextEncoder();
const meaningOf = (json: string): unknown => {
  const reading = readSenml(utf8.encode(json), "json");
  return reading.type === "records" ? resolveSenml(reading.records, now) : reading;
};

describe("SenML (RFC 8428)", () => {
  test("in CBOR says what it says in JSON (sections 5.1.2 and 6)", () => {
    const cbor = readSenml(Buffer.from(manyPointsCbor, "hex"), "cbor");
    assert.deepEqual(cbor, readSenml(utf8.encode(manyPoints), "json"));
    assert.equal(cbor.type === "records" && cbor.records.length, 3);
  });

  const meanings: readonly (readonly [what: string, json: string, records: readonly object[]])[] = [
    [
      "a single point (section 5.1.1)",
      '[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]',
      [{ name: "urn:dev:ow:10e2073a01080063", unit: "Cel", value: 23.1, time: now }],
    ],
    [
      "many points (section 5.1.2)",
      manyPoints,
      [
        { name: "urn:dev:ow:10e2073a0108006:voltage", unit: "V", value: 120.1, time: 1.276020076001e9 },
        { name: "urn:dev:ow:10e2073a0108006:current", unit: "A", value: 1.2, time: 1.276020071001e9 },
        { name: "urn:dev:ow:10e2073a0108006:current", unit: "A", value: 1.3, time: 1.276020072001e9 },
      ],
    ],
    [
      "values of every type (section 5.1.7)",
      '[{"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},' +
        '{"n":"open","vb":false},{"n":"nfc-reader","vd":"aGkgCg"}]',
      [
        { name: "urn:dev:ow:10e2073a01080063:temp", unit: "Cel", value: 23.1, time: now },
        { name: "urn:dev:ow:10e2073a01080063:label", value: "Machine Room", time: now },
        { name: "urn:dev:ow:10e2073a01080063:open", value: false, time: now },
        { name: "urn:dev:ow:10e2073a01080063:nfc-reader", value: Uint8Array.of(0x68, 0x69, 0x20, 0x0a), time: now },
      ],
    ],
    [
      "base values and sums (section 4.1), times before now (section 4.5.3), and what is not registered",
      '[{"bn":"a","bv":20,"bs":100,"v":1.5,"s":5,"t":-60,"ut":30,"color":"red"},{"bn":"b","s":1}]',
      [
        { name: "a", value: 21.5, sum: 105, time: now - 60, updateTime: 30 },
        { name: "b", sum: 101, time: now },
      ],
    ],
    ["a time that is one of 1978", '[{"n":"a","v":1,"t":268435456}]', [{ name: "a", value: 1, time: 2 ** 28 }]],
  ];
  for (const [what, json, records] of meanings) {
    test(`means ${what}`, () => assert.deepEqual(meaningOf(json), { type: "resolved", records }));
  }

  const contradictions: readonly (readonly [what: string, json: string, flaw: string, at: number])[] = [
    ["no name", '[{"v":1}]', "name-invalid", 0],
    ["a name that begins with a colon", '[{"n":":a","v":1}]', "name-invalid", 0],
    ["a name with a space", '[{"bn":"a","v":1},{"n":" b","v":1}]', "name-invalid", 1],
    ["a name without end", `[{"bn":"${"a".repeat(1_024)}","n":"b","v":1}]`, "name-invalid", 0],
    ["no value (section 4.2)", '[{"n":"a","u":"Cel"}]', "value-missing", 0],
    ["a version to come (section 4.4)", '[{"bver":11,"n":"a","v":1}]', "version-unsupported", 0],
    ["two versions (section 4.4)", '[{"bver":5,"n":"a","v":1},{"bver":6,"n":"a","v":1}]', "version-unsupported", 1],
    ["more than a number can say", '[{"bv":1e308,"n":"a","v":1e308}]', "number-too-large", 0],
  ];
  for (const [what, json, flaw, at] of contradictions) {
    test(`means nothing with ${what}`, () => assert.deepEqual(meaningOf(json), { type: "unresolvable", flaw, at }));
  }

  const malformed: readonly (readonly [what: string, json: string, flaw: string, at: number | undefined])[] = [
    ["no JSON", "[", "syntax-invalid", undefined],
    ["a field twice", '[{"n":"a","n":"b","v":1}]', "syntax-invalid", undefined],
    ["an object", "{}", "records-missing", undefined],
    ["no records", "[]", "records-missing", undefined],
    ["a record that is none", '[{"n":"a","v":1},[]]', "record-invalid", 1],
    ["a name that is a number", '[{"n":1,"v":1}]', "field-invalid", 0],
    ["a value that is text", '[{"n":"a","v":"1"}]', "field-invalid", 0],
    ["a value without end", '[{"n":"a","v":1e999}]', "field-invalid", 0],
    ["bytes that are none (section 5)", '[{"n":"a","vd":"+/+/"}]', "field-invalid", 0],
    ["two values (section 4.2)", '[{"n":"a","v":1,"vs":"1"}]', "several-values", 0],
    ["what must be understood (section 4.4)", '[{"n":"a","v":1,"new_":1}]', "field-not-understood", 0],
    ["too many records", JSON.stringify(Array.from({ length: 10_001 }, () => ({}))), "too-many-records", 10_000],
  ];
  for (const [what, json, flaw, at] of malformed) {
    test(`is not ${what}`, () =>
      assert.deepEqual(readSenml(utf8.encode(json), "json"), { type: "malformed", flaw, at }));
  }

  test("in CBOR has decimal fractions (section 6)", () => {
    const bytes = encode([
      new Map<number, unknown>([
        [0, "a"],
        [2, new Tagged(4, [-2, 2_150])],
      ]),
    ]);
    assert.deepEqual(readSenml(bytes, "cbor"), { type: "records", records: [{ name: "a", value: 21.5 }] });
  });

  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
  const records: fc.Arbitrary<readonly SenmlRecord[]> = fc.array(
    fc.record(
      {
        ...{ baseName: fc.string(), name: fc.string(), baseUnit: fc.string(), unit: fc.string() },
        ...{ baseTime: number, baseValue: number, baseSum: number, time: number, sum: number, updateTime: number },
        value: fc.oneof(number, fc.string(), fc.boolean(), fc.uint8Array()),
      },
      { requiredKeys: [] },
    ),
    { minLength: 1 },
  );
  for (const format of ["json", "cbor"] as const) {
    test(`is read as it was written, in ${format}`, () => {
      fc.assert(
        fc.property(records, (written) => {
          const reading = readSenml(Uint8Array.from(writeSenml(written, format)), format);
          const plain = written.map((record) => ({ ...record }));
          assert.deepEqual(reading, { type: "records", records: plain });
          resolveSenml(written, now);
        }),
      );
    });

    test(`whatever arrives, is read or is none, in ${format}`, () => {
      fc.assert(fc.property(fc.uint8Array(), (bytes) => void readSenml(bytes, format)));
      fc.assert(
        fc.property(fc.json(), (text) => void readSenml(utf8.encode(text), "json")),
        { numRuns: 50 },
      );
    });
  }

  test("that says nothing, or no finite number, is not written", () => {
    assert.throws(() => writeSenml([], "json"), { code: "OPTION_INVALID" });
    assert.throws(() => writeSenml([{ name: "a", value: Number.NaN }], "cbor"), { code: "OPTION_INVALID" });
  });
});
