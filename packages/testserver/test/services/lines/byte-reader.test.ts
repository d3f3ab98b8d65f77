import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ByteReader, ConversationOver } from "../../../src/services/lines/byte-reader.ts";

describe("ByteReader", () => {
  test("reads the same whole or byte by byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom("a", "\r", ".") }), { maxLength: 5 }),
        fc.boolean(),
        async (lines, whole) => {
          const clean = lines.map((line) => line.replace(/\r$/, ""));
          const bytes = Buffer.from(`${clean.map((line) => `${line}\r\n`).join("")}rest`);
          const stream = new PassThrough();
          const reader = new ByteReader(stream);
          for (const piece of whole ? [bytes] : [...bytes].map((byte) => Buffer.of(byte))) stream.write(piece);
          for (const line of clean) assert.equal((await reader.line(100)).toString(), line);
          assert.equal((await reader.bytes(2)).toString(), "re");
          assert.equal(reader.release().toString(), "st");
        },
      ),
      { numRuns: 50 },
    );
  });

  test("ends where a line is too long, with its end in sight or not", async () => {
    for (const text of ["aaaaa\r\n", "aaaaa"]) {
      const stream = new PassThrough();
      stream.write(text);
      await assert.rejects(new ByteReader(stream).line(4), ConversationOver);
    }
  });

  test("a strict line does not end with LF alone: a message has no end smuggled into it", async () => {
    const stream = new PassThrough();
    stream.write("a\n.\nb\r\n");
    assert.equal((await new ByteReader(stream).line(100, true)).toString(), "a\n.\nb");
  });

  test("ends where the stream does, and leaves no listener", async () => {
    const stream = new PassThrough();
    const before = stream.eventNames().length;
    const reading = new ByteReader(stream).line(100);
    stream.end("half a line");
    await assert.rejects(reading, ConversationOver);
    assert.equal(stream.eventNames().length, before);
  });
});
