import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readCandumpLog } from "../../../src/index.ts";
import { fdLengths } from "../../../src/protocol/can-frame.ts";
import type { IsoTpLayout } from "../../../src/protocol/isotp/addressing.ts";
import { flowControlFrame, readPdu, type FlowControl } from "../../../src/protocol/isotp/pdu.ts";
import { Receiving, type ReceivingEvent, type ReceivingLimits } from "../../../src/protocol/isotp/receiving.ts";
import { Sending } from "../../../src/protocol/isotp/sending.ts";

const classic: IsoTpLayout = { frameBytes: 8, padding: 0xcc, addressByte: undefined };
const bare: IsoTpLayout = { ...classic, padding: undefined };
const extended: IsoTpLayout = { ...classic, addressByte: { send: 0x55, receive: 0xaa } };
const fd: IsoTpLayout = { ...classic, frameBytes: 64 };
const sendingLimits = { answerMilliseconds: 1_000, waits: 2 };
const receivingLimits: ReceivingLimits = {
  ...{ messageBytes: 5_000, blockSize: 0, separationMilliseconds: 0 },
  ...{ frameMilliseconds: 1_000, waitMilliseconds: 500 },
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const go = "answer 300000cccccccccc";
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("a frame of ISO-TP (ISO 15765-2:2016 section 9.6)", () => {
  const accepted: readonly (readonly [string, IsoTpLayout, string, object])[] = [
    ["a single frame", classic, "02 10 03 cc cc cc cc cc", { type: "single", data: bytes("1003") }],
    ["one without padding", classic, "01 3e", { type: "single", data: bytes("3e") }],
    ["one with an address", extended, "aa 02 10 03", { type: "single", data: bytes("1003") }],
    ["a long one", fd, `00 08 ${"11".repeat(8)} cc cc`, { type: "single", data: bytes("11".repeat(8)) }],
    [
      "a first frame",
      classic,
      "10 14 490201314d38",
      { type: "first", totalBytes: 20, data: bytes("490201314d38"), frameBytes: 8 },
    ],
    [
      "one of a long message",
      classic,
      "10 00 00001000 0102",
      { type: "first", totalBytes: 4_096, data: bytes("0102"), frameBytes: 8 },
    ],
    ["a consecutive frame", classic, "2f 01 02", { type: "consecutive", sequenceNumber: 15, data: bytes("0102") }],
    [
      "an answer",
      classic,
      "30 08 14",
      { type: "flow-control", status: "continue", blockSize: 8, separationMilliseconds: 20 },
    ],
    [
      "one in microseconds",
      classic,
      "31 00 f3",
      { type: "flow-control", status: "wait", blockSize: 0, separationMilliseconds: 0.3 },
    ],
    [
      "one with a reserved time",
      classic,
      "32 00 fa",
      { type: "flow-control", status: "overflow", blockSize: 0, separationMilliseconds: 127 },
    ],
    [
      "one with a reserved status",
      classic,
      "33 00 80",
      { type: "flow-control", status: "invalid", blockSize: 0, separationMilliseconds: 127 },
    ],
  ];
  for (const [name, layout, frame, pdu] of accepted) {
    test(`is ${name}`, () => assert.deepEqual(readPdu(bytes(frame), layout), pdu));
  }

  const passedOver: readonly (readonly [string, IsoTpLayout, string])[] = [
    ["nothing", classic, ""],
    ["a single frame of no bytes", classic, "00 00"],
    ["a single frame that is cut", classic, "03 10 03"],
    ["a single frame of more than seven", classic, "08 01 02 03 04 05 06 07"],
    ["a long single frame in the short form", fd, `07 ${"11".repeat(11)}`],
    ["a short single frame in the long form", fd, `00 07 ${"11".repeat(10)}`],
    ["a long single frame that is cut", fd, `00 0b ${"11".repeat(10)}`],
    ["an address for another", extended, "ab 02 10 03"],
    ["only an address", extended, "aa"],
    ["a first frame of seven bytes", classic, "10 14 4902013141"],
    ["a first frame of a message that fits into one", classic, "10 07 490201314d38"],
    ["a first frame in the long form without need", classic, "10 00 00000fff 0102"],
    ["an answer that is cut", classic, "30 00"],
    ["a reserved type", classic, "40 00 00"],
  ];
  for (const [name, layout, frame] of passedOver) {
    test(`is not ${name}`, () => assert.equal(readPdu(bytes(frame), layout), undefined));
  }

  test("is, or is not, whatever bytes come, and an answer comes back as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(classic, extended, fd), (any, layout) => {
        const pdu = readPdu(any, layout);
        if (pdu?.type === "single") assert(pdu.data.length > 0 && pdu.data.length < any.length);
      }),
    );
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.oneof(
          fc.nat(127),
          fc.integer({ min: 1, max: 9 }).map((n) => n / 10),
        ),
        (blockSize, time) => {
          const frame = flowControlFrame("continue", { blockSize, separationMilliseconds: time }, classic);
          assert.deepEqual(readPdu(frame, classic), {
            ...{ type: "flow-control", status: "continue", blockSize, separationMilliseconds: time },
          });
        },
      ),
    );
  });
});

describe("a message that is sent (section 9.3)", () => {
  test("of a few bytes is one frame, filled up where that is wanted", () => {
    for (const [layout, frame] of [
      [classic, "023e00cccccccccc"],
      [bare, "023e00"],
      [extended, "55023e00cccccccc"],
    ] as const) {
      const sending = new Sending(bytes("3e00"), layout, sendingLimits);
      assert.deepEqual(sending.step(0), { type: "send", frame: bytes(frame) });
      assert.deepEqual(sending.step(0), { type: "sent" });
    }
  });

  test("keeps the time between frames from when the bus had one, and asks again after a block", () => {
    const sending = new Sending(new Uint8Array(6 + 7 * 3), classic, sendingLimits);
    assert.equal(head(sending, 0), "101b");
    sending.answer(answer("continue", 2, 20), 10);
    assert.equal(head(sending, 10), "2100");
    // The bus had it at 15.
    assert.deepEqual(sending.step(15), { type: "wait", untilMilliseconds: 35 });
    assert.deepEqual(sending.step(34), { type: "wait", untilMilliseconds: 35 });
    assert.equal(head(sending, 35), "2200");
    assert.deepEqual(sending.step(40), { type: "wait", untilMilliseconds: 1_040 });
    sending.answer(answer("wait"), 1_000);
    assert.deepEqual(sending.step(1_001), { type: "wait", untilMilliseconds: 2_000 });
    sending.answer(answer("continue"), 1_999);
    assert.equal(head(sending, 1_999), "2300");
    assert.deepEqual(sending.step(2_000), { type: "sent" });
  });

  const failures: readonly (readonly [string, readonly FlowControl[], number])[] = [
    ["no answer", [], 1_000],
    ["receiver overflow", [answer("overflow")], 0],
    ["invalid answer", [answer("invalid")], 0],
    ["too many waits", [answer("wait"), answer("wait"), answer("wait")], 0],
  ];
  for (const [reason, answers, later] of failures) {
    test(`fails with ${reason}, and stays failed`, () => {
      const sending = new Sending(new Uint8Array(8), classic, sendingLimits);
      sending.step(0);
      sending.step(0);
      for (const each of answers) sending.answer(each, 0);
      assert.deepEqual(sending.step(later), { type: "failed", reason });
      sending.answer(answer("continue"), later);
      assert.deepEqual(sending.step(later), { type: "failed", reason });
    });
  }
});

describe("a message that is received (section 9.3)", () => {
  test("as a car tells its number: recorded frames", () => {
    const log = readCandumpLog(readFileSync(new URL("vehicle-number.log", import.meta.url), "utf8"));
    assert(log.type === "frames");
    const receiving = new Receiving(classic, receivingLimits);
    const events: string[] = [];
    for (const { frame, timeSeconds } of log.frames) {
      if (frame.type !== "data" || frame.id !== 0x7e8) continue;
      events.push(...tell(receive(receiving, frame.data, timeSeconds * 1_000)));
    }
    assert.deepEqual(events, [
      "answer 300000cccccccccc",
      `message ${hex(Buffer.from("\x49\x02\x011M8GDM9AXKP042788", "latin1"))}`,
    ]);
  });

  const lost: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["a number that is not the next", ["100a010203040506", "22070809"], ["lost wrong sequence number"]],
    ["a frame that is too short", ["100f010203040506", "2107"], ["lost short frame"]],
    ["another first frame", ["100a010203040506", "100a010203040506"], ["lost another message began", go]],
    ["a single frame between", ["100a010203040506", "023e00"], ["lost another message began", "message 3e00"]],
    ["more bytes than are taken", ["1000000013890102"], ["answer 320000cccccccccc", "lost too long"]],
  ];
  for (const [name, frames, events] of lost) {
    test(`is lost by ${name}`, () => {
      const receiving = new Receiving(classic, receivingLimits);
      const told = frames.flatMap((frame) => tell(receive(receiving, bytes(frame), 0)));
      assert.deepEqual(
        told.filter((each, index) => index > 0 || each !== go),
        events,
      );
    });
  }

  test("is lost when the next frame does not come in time, and what comes then is passed over", () => {
    const receiving = new Receiving(classic, receivingLimits);
    receive(receiving, bytes("100a010203040506"), 0);
    assert.equal(receiving.due, 1_000);
    assert.deepEqual(receiving.expire(999), []);
    assert.deepEqual(tell(receiving.expire(1_000)), ["lost sender stopped"]);
    assert.equal(receiving.due, undefined);
    assert.deepEqual(receive(receiving, bytes("2107080910"), 1_001), []);
  });

  test("waits while it is held, and goes on with the next block", () => {
    const receiving = new Receiving(classic, { ...receivingLimits, blockSize: 1 });
    assert.deepEqual(receiving.hold(true, 0), []);
    assert.deepEqual(tell(receive(receiving, bytes("1014010203040506"), 0)), ["answer 310100cccccccccc"]);
    assert.deepEqual(tell(receiving.expire(500)), ["answer 310100cccccccccc"]);
    assert.equal(receiving.due, 1_000);
    assert.deepEqual(tell(receiving.hold(false, 600)), ["answer 300100cccccccccc"]);
    assert.deepEqual(tell(receive(receiving, bytes("2107080910111213"), 700)), ["answer 300100cccccccccc"]);
    assert.deepEqual(tell(receive(receiving, bytes("2214151617181920"), 700)), [
      "message 0102030405060708091011121314151617181920",
    ]);
  });

  test("costs the receiver what has come, not what was announced", () => {
    const receiving = new Receiving(classic, { ...receivingLimits, messageBytes: 0xffffffff });
    const before = process.memoryUsage().arrayBuffers;
    receive(receiving, bytes("1000ffffffff0102"), 0);
    assert(process.memoryUsage().arrayBuffers - before < 1_048_576);
  });

  test("is what was sent, by any layout, in any blocks, and with anything between", () => {
    const layouts = fc.record({
      frameBytes: fc.constantFrom(...fdLengths.filter((length) => length >= 8)),
      padding: fc.option(fc.nat(255), { nil: undefined }),
      addressByte: fc.option(
        fc.nat(255).map((each) => ({ send: each, receive: each })),
        { nil: undefined },
      ),
    });
    const junk = fc.array(fc.constantFrom("30ffff", "4000", "00", "3100"), { maxLength: 2 });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
        layouts,
        fc.nat(255),
        junk,
        (message, layout, blockSize, between) => {
          const sending = new Sending(message, layout, sendingLimits);
          const receiving = new Receiving(layout, { ...receivingLimits, blockSize });
          const received: Uint8Array[] = [];
          for (let step = sending.step(0); step.type === "send"; step = sending.step(0)) {
            assert(step.frame.length <= layout.frameBytes && fdLengths.includes(step.frame.length));
            for (const other of between) if (layout.addressByte === undefined) receive(receiving, bytes(other), 0);
            for (const event of receive(receiving, step.frame, 0, layout)) {
              if (event.type === "message") received.push(event.bytes);
              assert.notEqual(event.type, "lost");
              const pdu = event.type === "answer" ? readPdu(event.frame, layout) : undefined;
              if (pdu?.type === "flow-control") sending.answer(pdu, 0);
            }
          }
          assert.deepEqual(sending.step(0), { type: "sent" });
          assert.deepEqual(received.map(hex), [hex(message)]);
        },
      ),
    );
  });

  test("never holds more than its limit, whatever frames come", () => {
    const frames = fc.array(
      fc
        .uint8Array({ maxLength: 64 })
        .chain((any) => fc.constantFrom(any, Uint8Array.of(0x10 | ((any[0] ?? 0) % 16), ...any.subarray(0, 7)))),
    );
    fc.assert(
      fc.property(frames, fc.boolean(), (all, isHeld) => {
        const receiving = new Receiving(classic, { ...receivingLimits, messageBytes: 300 });
        receiving.hold(isHeld, 0);
        for (const frame of all) {
          for (const event of receive(receiving, frame, 0)) {
            if (event.type === "message") assert(event.bytes.length <= 300);
          }
        }
      }),
    );
  });
});

function answer(status: FlowControl["status"], blockSize = 0, separationMilliseconds = 0): FlowControl {
  return { type: "flow-control", status, blockSize, separationMilliseconds };
}

/** The first two bytes of the frame that is to be sent now. */
function head(sending: Sending, now: number): string {
  const step = sending.step(now);
  assert(step.type === "send");
  return hex(step.frame.subarray(0, 2));
}

function receive(receiving: Receiving, frame: Uint8Array, now: number, layout = classic): readonly ReceivingEvent[] {
  const pdu = readPdu(frame, layout);
  return pdu === undefined || pdu.type === "flow-control" ? [] : receiving.receive(pdu, now);
}

function tell(events: readonly ReceivingEvent[]): readonly string[] {
  return events.map((event) => {
    switch (event.type) {
      case "message":
        return `message ${hex(event.bytes)}`;
      case "answer":
        return `answer ${hex(event.frame)}`;
      case "lost":
        return `lost ${event.reason}`;
    }
  });
}
