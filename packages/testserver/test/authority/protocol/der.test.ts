import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  concat,
  type Der,
  element,
  generalizedTime,
  integer,
  namedBits,
  oid,
  sequence,
  time,
} from "../../../src/authority/protocol/der.ts";
import { publicKeyBits, readElements, readInside } from "../../../src/authority/protocol/read-der.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("the DER writer", () => {
  // ITU-T X.690 sections 8.3, 8.6, 8.19 and 11.2.2.
  const written: readonly (readonly [string, Der, string])[] = [
    ["zero", integer(0), "020100"],
    ["a byte with its first bit set", integer(128), "02020080"],
    ["a negative number", integer(-129), "0202ff7f"],
    ["the least number of a byte", integer(-128), "020180"],
    ["a large number", integer(1n << 64n), "0209010000000000000000"],
    ["an object identifier", oid("1.2.840.113549"), "06062a864886f70d"],
    ["one of a single large arc", oid("2.5.29.14"), "0603551d0e"],
    ["named bits without the zeros behind the last", namedBits([5, 6]), "03020106"],
    ["no named bits", namedBits([]), "030100"],
    ["a time before 2050", time(Date.UTC(2049, 11, 31, 23, 59, 59)), "170d3439313233313233353935395a"],
    ["a time from 2050 on", time(Date.UTC(2050, 0, 1)), "180f32303530303130313030303030305a"],
    ["a generalized time", generalizedTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6)), "180f32303236303130323033303430355a"],
    ["a length of one byte", element(4, new Uint8Array(127)).subarray(0, 2), "047f"],
    ["a length of two", element(4, new Uint8Array(128)).subarray(0, 3), "048180"],
    ["a length of four", element(4, new Uint8Array(65_536)).subarray(0, 5), "0483010000"],
  ];
  for (const [what, bytes, expected] of written) {
    test(`writes ${what}`, () => {
      assert.equal(hex(bytes), expected);
    });
  }

  test("writes what the reader reads", () => {
    const parts = fc.array(fc.tuple(fc.constantFrom(0x02, 0x04, 0x30, 0xa1), fc.uint8Array({ maxLength: 300 })));
    fc.assert(
      fc.property(parts, (all) => {
        const read = readElements(concat(...all.map(([tag, content]) => element(tag, content))));
        assert.deepEqual(
          read?.map(({ tag, content }) => [tag, hex(content)]),
          all.map(([tag, content]) => [tag, hex(content)]),
        );
      }),
    );
  });
});

describe("the DER reader", () => {
  const refused = [
    ["half a tag", "30"],
    ["a length beyond the end", "300501"],
    ["half a length", "308201"],
    ["an indefinite length", "30800000"],
    ["a length of four bytes", "308400000000"],
    ["a tag of several bytes", "1f8101 00".replace(" ", "")],
  ] as const;
  for (const [what, bytes] of refused) {
    test(`refuses ${what}`, () => {
      assert.equal(readElements(Buffer.from(bytes, "hex")), undefined);
    });
  }

  test("takes whatever arrives", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const elements = readElements(bytes);
        if (elements !== undefined) assert.equal(hex(concat(...elements.map(({ whole }) => whole))), hex(bytes));
        readInside(bytes, 0x30);
      }),
    );
  });

  test("gives the bits of a public key, and nothing for what is none", () => {
    assert.equal(
      hex(publicKeyBits(sequence(sequence(oid("1.3.101.112")), element(3, Uint8Array.of(0, 1, 2))))),
      "0102",
    );
    assert.throws(() => publicKeyBits(Uint8Array.of(0x30, 0)), TypeError);
  });
});
