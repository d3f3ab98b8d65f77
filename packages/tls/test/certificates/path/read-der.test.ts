import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  MalformedDer,
  readInteger,
  readNamedBits,
  readTime,
} from "../../../src/certificates/path/protocol/der-node.ts";
import { readDer } from "../../../src/certificates/path/read-der.ts";
import { der, oid } from "../mint.ts";

const refused: readonly (readonly [title: string, hex: string])[] = [
  ["nothing", ""],
  ["a tag alone", "30"],
  ["two elements", "05000500"],
  ["contents that are cut", "040201"],
  ["a long form for a short length", "04810100"],
  ["a length with a leading zero", `04820080${"00".repeat(128)}`],
  ["an indefinite length", "30800000"],
  ["an indefinite length inside", "3004308000 00".replaceAll(" ", "")],
  ["a tag of several octets", "1f810000"],
  ["a child that is longer than its parent", "3003040201"],
];
for (const [title, hex] of refused) {
  test(`refuses ${title} (X.690 section 10.1)`, () => {
    assert.throws(() => readDer(Buffer.from(hex, "hex")), MalformedDer);
  });
}

test("reads an element with its raw bytes, children and text", () => {
  const bytes = der(0x30, oid("1.2.840.113549"), der(0x0c, Buffer.from("ä")), der(0x80, Buffer.of(1)));
  const node = readDer(bytes);
  assert.deepEqual(
    node.children.map(({ tag, text }) => [tag, text]),
    [
      [0x06, "1.2.840.113549"],
      [0x0c, "ä"],
      [0x80, undefined],
    ],
  );
  assert.deepEqual(Buffer.from(node.raw), bytes);
});

test("whatever arrives, it is read or refused by MalformedDer, and what is read is all of it", () => {
  const element = fc.letrec<{ tree: Buffer }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 6 })).map(([tag, content]) => der(tag, content)),
      fc
        .tuple(fc.constantFrom(0x30, 0x31, 0xa0), fc.array(tie("tree"), { maxLength: 4 }))
        .map(([tag, parts]) => der(tag, ...parts)),
    ),
  })).tree;
  fc.assert(
    fc.property(fc.oneof(element, fc.uint8Array({ maxLength: 40 })), (bytes) => {
      try {
        assert.deepEqual(Buffer.from(readDer(bytes).raw), Buffer.from(bytes));
      } catch (error) {
        if (!(error instanceof MalformedDer)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

const values: readonly (readonly [title: string, read: () => unknown, value: unknown])[] = [
  ["an integer with padding", () => readInteger(readDer(der(2, Buffer.of(0, 1)))), undefined],
  ["a negative integer with padding", () => readInteger(readDer(der(2, Buffer.of(0xff, 0x80)))), undefined],
  ["an empty integer", () => readInteger(readDer(der(2))), undefined],
  ["named bits", () => [...readNamedBits(readDer(der(3, Buffer.of(1, 0x06))))], [5, 6]],
  ["no named bits", () => [...readNamedBits(readDer(der(3, Buffer.of(0))))], []],
  ["named bits with zeros at their end", () => readNamedBits(readDer(der(3, Buffer.of(0, 0x06)))), undefined],
  ["named bits with ones in the padding", () => readNamedBits(readDer(der(3, Buffer.of(1, 0x07)))), undefined],
  [
    "UTCTime before 1950's turn",
    () => readTime(readDer(der(0x17, Buffer.from("491231235959Z")))),
    Date.UTC(2049, 11, 31, 23, 59, 59) / 1000,
  ],
  ["UTCTime after it", () => readTime(readDer(der(0x17, Buffer.from("500101000000Z")))), Date.UTC(1950, 0, 1) / 1000],
  ["GeneralizedTime", () => readTime(readDer(der(0x18, Buffer.from("20300101000000Z")))), Date.UTC(2030, 0, 1) / 1000],
  ["a time without seconds", () => readTime(readDer(der(0x17, Buffer.from("3001010000Z")))), undefined],
  ["a time with a zone", () => readTime(readDer(der(0x17, Buffer.from("300101000000+0100")))), undefined],
  ["a day that does not exist", () => readTime(readDer(der(0x17, Buffer.from("300230000000Z")))), undefined],
];
for (const [title, read, value] of values) {
  test(`${value === undefined ? "refuses" : "reads"} ${title}`, () => {
    if (value === undefined) assert.throws(read, MalformedDer);
    else assert.deepEqual(read(), value);
  });
}
