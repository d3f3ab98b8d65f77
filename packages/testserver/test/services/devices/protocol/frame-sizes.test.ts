import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AmqpFrameSizes } from "../../../../src/services/devices/amqp/protocol/frame-sizes.ts";

const header = [65, 77, 81, 80, 0, 1, 0, 0];
const heartbeat = [0, 0, 0, 8, 2, 0, 0, 0];

describe("frames of AMQP", () => {
  test("are followed from one to the next, behind one header or two", () => {
    const sizes = new AmqpFrameSizes({ frameBytes: 100, connectionBytes: 1000 });
    const stream = Uint8Array.of(...header, ...heartbeat, ...header, 0, 0, 0, 12, 2, 0, 0, 0, 1, 2, 3, 4, ...heartbeat);
    for (const byte of stream) assert.equal(sizes.follow(Uint8Array.of(byte)), undefined);
  });

  test("are refused where they are announced too small or too large, and where all are too much", () => {
    const follow = (...bytes: readonly number[]) =>
      new AmqpFrameSizes({ frameBytes: 100, connectionBytes: 40 }).follow(Uint8Array.from(bytes));
    assert.equal(follow(...header, 0, 0, 0, 7), "frame-too-small");
    assert.equal(follow(...header, 0, 0, 0, 101), "frame-too-large");
    assert.equal(follow(...header, 0xff, 0xff, 0xff, 0xff), "frame-too-large");
    assert.equal(follow(...header, 0, 0, 0, 100), undefined);
    assert.equal(follow(...header, ...heartbeat, ...heartbeat, ...heartbeat, ...heartbeat, 0), "connection-too-long");
  });

  test("are judged alike whatever the pieces (property)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const limits = { frameBytes: 300, connectionBytes: 1000 };
        const single = new AmqpFrameSizes(limits);
        const flaws = [...bytes].map((byte) => single.follow(Uint8Array.of(byte)));
        assert.equal(
          flaws.find((flaw) => flaw !== undefined),
          new AmqpFrameSizes(limits).follow(bytes),
        );
      }),
    );
  });
});
