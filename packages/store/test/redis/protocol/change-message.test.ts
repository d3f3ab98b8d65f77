import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseMessage } from "../../../src/redis/protocol/change-message.ts";

describe("parseMessage", () => {
  it("reads what a script writes", () => {
    const head = [field("me"), field("me 7"), field("12")].join("");
    assert.deepEqual(parseMessage(Buffer.from(head)), { origin: "me", stamp: "me 7", sequence: 12, collections: [] });
    const body = ["hosts", "changes", "2", "a:1", "\u00e9", "b", "", "cookies", "clear", "0", "cache", "reload", "0"];
    assert.deepEqual(parseMessage(Buffer.from(head + body.map(field).join("")))?.collections, [
      {
        collection: "hosts",
        kind: "changes",
        records: new Map([
          ["a:1", bytes("\u00e9")],
          ["b", undefined],
        ]),
      },
      { collection: "cookies", kind: "clear", records: new Map() },
      { collection: "cache", kind: "reload", records: new Map() },
    ]);
  });

  for (const text of [
    "",
    "2:me",
    "2:me4:me 72:1x",
    "2:me4:me 71:-",
    "2:me4:me 720:00000000000000000001",
    "2:me4:me 717:99999999999999999",
    "-1:x",
    ":x",
    "9999999999999999999999:x",
    "2:me4:me 71:1h",
    "2:me4:me 71:15:hosts5:other1:0",
    "2:me4:me 71:15:hosts7:changes1:11:a",
    "2:me4:me 71:15:hosts7:changes9:9999999991:a0:",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseMessage(Buffer.from(text)), undefined);
    });
  }

  it("refuses what is not UTF-8 where text must be", () => {
    assert.equal(parseMessage(Buffer.from([0x31, 0x3a, 0xff])), undefined);
  });

  it("returns, whatever it is given", () => {
    const part = fc.oneof(
      fc.string(),
      fc.nat(30).map((length) => `${String(length)}:`),
      fc.constantFrom("changes", "5:hosts"),
    );
    fc.assert(
      fc.property(fc.array(part), fc.uint8Array(), (parts, tail) => {
        parseMessage(Buffer.concat([Buffer.from(parts.join("")), tail]));
      }),
    );
  });
});

function field(text: string): string {
  return `${String(Buffer.byteLength(text))}:${text}`;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
