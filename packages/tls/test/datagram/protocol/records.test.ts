import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { establishedRecords, packRecords, recordHeader } from "../../../src/datagram/protocol/records.ts";

function record(type: number, epoch: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(recordHeader);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(0xfefd, 1);
  header.writeUInt16BE(epoch, 3);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, body]);
}

describe("records", () => {
  test("are packed whole, in order, and as many into a datagram as fit (RFC 6347 section 4.1.1)", () => {
    const bodies = fc.array(fc.nat(300), { maxLength: 20 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 20, max: 400 }), (lengths, mtu) => {
        const records = lengths.map((length, index) => record(22, 0, Buffer.alloc(length, index)));
        const datagrams = packRecords(Buffer.concat(records), mtu).map((each) => Buffer.from(each));
        assert.deepEqual(Buffer.concat(datagrams), Buffer.concat(records));
        const ends = new Set(records.map((_, index) => Buffer.concat(records.slice(0, index + 1)).length));
        let at = 0;
        datagrams.forEach((datagram, index) => {
          at += datagram.length;
          assert.ok(ends.has(at), "cut inside a record");
          assert.ok(datagram.length <= mtu || datagram.length === recordHeader + datagram.readUInt16BE(11));
          const next = datagrams[index + 1];
          const nextRecord = next === undefined ? mtu : recordHeader + next.readUInt16BE(11);
          assert.ok(datagram.length + nextRecord > mtu, "one more would have fitted");
        });
      }),
    );
  });

  const protectedData = record(23, 1, Buffer.alloc(30, 1));
  const change = record(20, 0, Buffer.of(1));
  for (const [title, datagram, admitted] of [
    ["protected records are admitted", protectedData, protectedData],
    ["two of them are", Buffer.concat([protectedData, protectedData]), Buffer.concat([protectedData, protectedData])],
    ["ChangeCipherSpec is, in the clear", change, change],
    ["one with another body is not", record(20, 0, Buffer.of(2)), Buffer.alloc(0)],
    ["alerts in the clear are not", record(21, 0, Buffer.of(2, 40)), Buffer.alloc(0)],
    ["handshake messages in the clear are not", record(22, 0, Buffer.alloc(30)), Buffer.alloc(0)],
    ["data in the clear is not", record(23, 0, Buffer.alloc(30)), Buffer.alloc(0)],
    ["what is too short for nonce and tag is not", record(23, 1, Buffer.alloc(23)), Buffer.alloc(0)],
    ["a record that is cut is not", protectedData.subarray(0, -1), Buffer.alloc(0)],
    [
      "what is good is admitted beside what is not",
      Buffer.concat([record(21, 0, Buffer.of(2, 40)), protectedData, Buffer.alloc(5)]),
      protectedData,
    ],
  ] as const) {
    test(`of an established session: ${title}`, () => {
      assert.deepEqual(Buffer.from(establishedRecords(datagram, 24)), admitted);
    });
  }

  test("of any bytes are some of those bytes, and never an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(24), (bytes, overhead) => {
        assert.ok(establishedRecords(bytes, overhead).length <= bytes.length);
      }),
    );
  });
});
