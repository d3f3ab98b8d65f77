import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as library from "dns-packet";
import { NameMemory } from "../../../src/services/names/name-memory.ts";
import { NameServer } from "../../../src/services/names/name-server.ts";
import { readQuery } from "../../../src/services/names/protocol/query.ts";

const query = Buffer.from("\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04GooD\x05names\x04test\0\0\x01\0\x01", "latin1");

describe("reading a query", () => {
  test("takes one question, its letters as they came beside its labels in small ones", () => {
    const read = readQuery(query);
    assert.ok(read.type === "query");
    assert.deepEqual([read.id, read.question.labels, read.question.type], [0x1234, ["good", "names", "test"], 1]);
    assert.deepEqual(Buffer.from(read.question.bytes), query.subarray(12));
  });

  const refused: readonly (readonly [string, Buffer, "none" | "refused"])[] = [
    ["eleven bytes", query.subarray(0, 11), "none"],
    ["an answer", at(query, 2, 0x81), "none"],
    ["another operation", at(query, 2, 0x28), "refused"],
    ["two questions", at(query, 5, 2), "refused"],
    ["a question that is cut", query.subarray(0, 20), "refused"],
    ["a pointer in the question", at(query, 12, 0xc0), "refused"],
    ["a label that is too long", at(query, 12, 64), "refused"],
    ["something behind it that is not EDNS", at(query, 11, 1), "refused"],
  ];
  for (const [name, bytes, type] of refused) {
    test(`refuses ${name}`, () => {
      assert.equal(readQuery(bytes).type, type);
    });
  }

  test("and answering it takes whatever comes", () => {
    const server = new NameServer({ host: "127.0.0.1", port: () => 1, memory: new NameMemory() }, library);
    const changes = fc.array(fc.tuple(fc.nat(query.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.uint8Array({ maxLength: 64 }), (edits, tail) => {
        const bytes = Buffer.concat([query, tail]);
        for (const [index, byte] of edits) bytes[index] = byte;
        server.answer(bytes, "udp");
        server.answer(tail, "tcp");
      }),
      { numRuns: 2000 },
    );
  });
});

test("answers that do not fit in a datagram say so, and are whole by TCP", () => {
  const server = new NameServer({ host: "127.0.0.1", port: () => 1, memory: new NameMemory() }, library);
  const long = Buffer.from("\0\x01\x01\0\0\x01\0\0\0\0\0\0\x08txt-2000\x05names\x04test\0\0\x10\0\x01", "latin1");
  const [short] = server.answer(long, "udp")?.messages ?? [];
  const [whole] = server.answer(long, "tcp")?.messages ?? [];
  assert.ok(short !== undefined && short.length <= 512 && ((short[2] ?? 0) & 2) !== 0);
  assert.ok(whole !== undefined && whole.length > 2000 && ((whole[2] ?? 0) & 2) === 0);
});

function at(bytes: Buffer, index: number, byte: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = byte;
  return copy;
}
