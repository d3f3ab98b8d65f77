import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { encodePreloadList } from "../../src/protocol/encode.ts";
import type { PreloadEntry } from "../../src/protocol/format.ts";
import { PreloadList } from "../../src/protocol/preload-list.ts";

type Names = readonly (readonly [host: string, entry: PreloadEntry])[];

const label = fc.stringMatching(/^[a-z0-9_-]{1,6}$/);
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const names = fc.uniqueArray(
  fc.tuple(
    host,
    fc.boolean().map((includeSubDomains) => ({ includeSubDomains })),
  ),
  {
    selector: ([name]) => name,
    maxLength: 80,
  },
);

function read(list: Names): PreloadList {
  const parsed = PreloadList.parse(encodePreloadList(list));
  assert(parsed !== undefined);
  return parsed;
}

const withSubdomains = { includeSubDomains: true };
const alone = { includeSubDomains: false };

describe("a compact list", () => {
  test("finds what it was made of with its flags, whatever that is", () => {
    fc.assert(
      fc.property(names, (list) => {
        const parsed = read(list);
        for (const [name, entry] of list) assert.deepEqual(parsed.find(name), entry);
        assert.deepEqual(new Map(parsed.entries()), new Map(list));
      }),
    );
  });

  test("finds nothing else", () => {
    fc.assert(
      fc.property(names, fc.oneof(host, fc.string()), (list, other) => {
        const listed = new Map(list).get(other);
        assert.deepEqual(read(list).find(other), listed);
      }),
    );
  });

  test("may be empty", () => {
    const empty = read([]);
    assert.equal(empty.size, 0);
    assert.deepEqual([...empty.entries()], []);
    assert.equal(empty.find("a.example"), undefined);
  });

  test("keeps names that share more than an entry can say", () => {
    const end = Array.from({ length: 3 }, () => "x".repeat(60)).join(".");
    const list: Names = [
      [`a.${end}`, alone],
      [`ba.${end}`, withSubdomains],
      [`c.${end}`, withSubdomains],
      [end, alone],
    ];
    const parsed = read(list);
    for (const [name, entry] of list) assert.deepEqual(parsed.find(name), entry, name);
    assert.equal(parsed.find(`b.${end}`), undefined);
  });

  for (const none of [
    "",
    "A.example",
    "a..example",
    "a.example.",
    "ä.example",
    "a b",
    "x".repeat(64),
    "a.".repeat(127),
  ]) {
    test(`is not made of ${JSON.stringify(none.slice(0, 20))}`, () => {
      assert.throws(() => encodePreloadList([[none, alone]]), RangeError);
    });
  }

  test("is not made of one name twice", () => {
    const twice: Names = [
      ["a.example", alone],
      ["a.example", withSubdomains],
    ];
    assert.throws(() => encodePreloadList(twice), { name: "RangeError", message: "a.example is there twice" });
  });
});

describe("damage", () => {
  const whole = encodePreloadList(
    Array.from({ length: 40 }, (_, index) => [`host-${String(index)}.example`, alone] as const),
  );

  test("a list that was cut, or goes on, is none", () => {
    for (let length = 0; length < whole.length; length++) {
      assert.equal(PreloadList.parse(whole.subarray(0, length)), undefined, String(length));
    }
    assert.equal(PreloadList.parse(Uint8Array.of(...whole, 0)), undefined);
  });

  test("another magic, another size, or blocks in another order are none", () => {
    for (const [at, value] of [
      [0, 0x47],
      [7, 0x02],
      [8, 0xff],
      [11, 0xff],
      [15, 0x01],
      [19, 0x01],
      [23, 0x00],
      [24, 0xff],
    ] as const) {
      assert.equal(PreloadList.parse(whole.with(at, value)), undefined, `${String(at)}: ${String(value)}`);
    }
  });

  test("whatever the bytes, every question ends, and none with an exception", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }).map((changes) => {
        const damaged = whole.slice();
        for (const [at, value] of changes) damaged[at] = value;
        return damaged;
      }),
    );
    fc.assert(
      fc.property(bytes, fc.oneof(host, fc.string(), fc.constant("host-7.example")), (damaged, name) => {
        const list = PreloadList.parse(damaged);
        if (list === undefined) return;
        list.find(name);
        assert([...list.entries()].length <= damaged.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
