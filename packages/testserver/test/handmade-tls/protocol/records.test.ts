import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRecord, RecordReader, type TlsRecord } from "../../../src/handmade-tls/protocol/records.ts";
import { concat } from "../../../src/handmade-tls/protocol/presentation.ts";

test("records are found whatever pieces they come in", () => {
  const record = fc.record(
    { type: fc.integer({ min: 20, max: 24 }), content: fc.uint8Array({ maxLength: 50 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (records, step) => {
      const bytes = concat(...records.map(({ type, content }) => formatRecord(type, content)));
      const reader = new RecordReader();
      const found: TlsRecord[] = [];
      for (let at = 0; at < bytes.length; at += step) found.push(...reader.add(bytes.subarray(at, at + step)));
      assert.deepEqual(found, records);
    }),
  );
});

test("what is no TLS is refused, and so are records that are too long", () => {
  for (const bytes of ["474554202f", "1603030000".replace("16", "63"), "160203ffff", "16030380ff"]) {
    assert.throws(() => new RecordReader().add(Buffer.from(bytes, "hex")), RangeError, bytes);
  }
});
