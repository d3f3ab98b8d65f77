import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDer, parseUnsigned } from "../../../src/tickets/protocol/der.ts";

const accepted: readonly (readonly [
  title: string,
  hex: string,
  elements: readonly (readonly [tag: number, hex: string])[],
])[] = [
  ["nothing", "", []],
  ["an empty element", "0400", [[0x04, ""]]],
  [
    "two elements",
    "02010504020102",
    [
      [0x02, "05"],
      [0x04, "0102"],
    ],
  ],
  ["a length of two octets", `048180${"00".repeat(128)}`, [[0x04, "00".repeat(128)]]],
  ["a length of three octets", `04820100${"00".repeat(256)}`, [[0x04, "00".repeat(256)]]],
];
for (const [title, hex, elements] of accepted) {
  test(`reads ${title}`, () => {
    const parsed = parseDer(Buffer.from(hex, "hex"));
    assert.deepEqual(
      parsed?.map(({ tag, content }) => [tag, Buffer.from(content).toString("hex")]),
      elements,
    );
  });
}

const refused: readonly (readonly [title: string, hex: string])[] = [
  ["a tag without a length", "30"],
  ["contents that are cut off", "0402ff"],
  ["a tag of several octets", "1f8101"],
  ["an indefinite length (X.690 section 10.1)", "30800000"],
  ["a length that is cut off", "3082ff"],
  ["a length with a leading zero", `04820080${"00".repeat(128)}`],
  ["a long form where the short one would do", "04810100"],
  ["a length of five octets", "04850000000001"],
  ["a length far beyond the end", "0484ffffffff00"],
];
for (const [title, hex] of refused) {
  test(`refuses ${title}`, () => {
    assert.equal(parseDer(Buffer.from(hex, "hex")), undefined);
  });
}

test("whatever arrives is refused or consists of its elements", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const elements = parseDer(bytes);
      const size = elements?.reduce((sum, { content }) => sum + content.length + 2, 0) ?? 0;
      assert.ok(size <= bytes.length);
    }),
  );
});

test("reads integers from 0 to 2^53 - 1, and no others", () => {
  const cases: readonly (readonly [hex: string, value: number | undefined])[] = [
    ["00", 0],
    ["7f", 127],
    ["0080", 128],
    ["1fffffffffffff", Number.MAX_SAFE_INTEGER],
    ["20000000000000", undefined],
    ["ff", undefined],
    ["", undefined],
    ["000000000000000001", undefined],
  ];
  for (const [hex, value] of cases) assert.equal(parseUnsigned(Buffer.from(hex, "hex")), value, hex);
});
