import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Frame, frame, FrameReader, integer, PREFACE, settings } from "../../../src/services/http2/frames.ts";

const sent = Buffer.concat([Buffer.from(PREFACE), settings([4, 65_535]), frame(1, 5, 3, Buffer.from("fields"))]);

test("frames come out alike however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: sent.length }), { maxLength: 8 }), (cuts) => {
      const reader = new FrameReader();
      const frames: Frame[] = [];
      let from = 0;
      for (const to of [...cuts.sort((left, right) => left - right), sent.length]) {
        frames.push(...(reader.read(sent.subarray(from, to)) ?? []));
        from = to;
      }
      assert.deepEqual(
        frames.map(({ type, flags, stream, payload }) => [type, flags, stream, payload.toString("latin1")]),
        [
          [4, 0, 0, "\0\x04\0\0\xff\xff"],
          [1, 5, 3, "fields"],
        ],
      );
    }),
    { numRuns: 50 },
  );
});

test("another protocol and a frame that is too large are refused", () => {
  assert.equal(new FrameReader().read(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), undefined);
  const large = Buffer.concat([Buffer.from(PREFACE), frame(0, 0, 1, Buffer.alloc(16_385))]);
  assert.equal(new FrameReader().read(large.subarray(0, PREFACE.length + 9)), undefined);
});

test("integers are those of RFC 7541 appendix C.1", () => {
  assert.deepEqual([...integer(10, 5)], [10]);
  assert.deepEqual([...integer(1337, 5)], [31, 154, 10]);
  assert.deepEqual([...integer(42, 8)], [42]);
});
