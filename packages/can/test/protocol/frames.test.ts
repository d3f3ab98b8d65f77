import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { canFrameProblem, fdLengths, readCandumpLog, type CanFrame, type SendableCanFrame } from "../../src/index.ts";
import { readCanFrame, writeCanFrame } from "../../src/protocol/frame-bytes.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

describe("a frame in the kernel's form (linux/can.h)", () => {
  const frames: readonly (readonly [string, CanFrame, string])[] = [
    [
      "of 11 bits",
      { type: "data", id: 0x123, isExtended: false, data: bytes("deadbeef") },
      "2301000004000000deadbeef00000000",
    ],
    [
      "of 29 bits",
      { type: "data", id: 0x1234567, isExtended: true, data: bytes("01") },
      "67452381010000000100000000000000",
    ],
    ["that asks", { type: "remote", id: 0x7ff, isExtended: false, lengthBytes: 8 }, "ff070040080000000000000000000000"],
    [
      "of the controller",
      { type: "error", classes: 0x40, data: bytes("0000000000000000") },
      "40000020080000000000000000000000",
    ],
  ];
  for (const [name, frame, hex] of frames) {
    test(`${name} is read and written`, () => {
      assert.deepEqual(readCanFrame(bytes(hex), true), frame);
      if (frame.type !== "error") assert.deepEqual(Buffer.from(writeCanFrame(frame, true)).toString("hex"), hex);
    });
  }

  test("of CAN FD takes 72 bytes, and any frame that can be sent comes back", () => {
    const id = fc.oneof(
      fc.record({ id: fc.nat(0x7ff), isExtended: fc.constant(false) }),
      fc.record({ id: fc.nat(0x1fffffff), isExtended: fc.constant(true) }),
    );
    const fdData = fc
      .constantFrom(...fdLengths)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    const frame: fc.Arbitrary<SendableCanFrame> = fc.oneof(
      fc.tuple(id, fc.uint8Array({ maxLength: 8 })).map(([of, data]) => ({ type: "data" as const, ...of, data })),
      fc.tuple(id, fc.nat(8)).map(([of, lengthBytes]) => ({ type: "remote" as const, ...of, lengthBytes })),
      fc.tuple(id, fdData, fc.boolean(), fc.boolean()).map(([of, data, hasBitRateSwitch, hasErrorState]) => ({
        ...{ type: "fd" as const, ...of, data, hasBitRateSwitch, hasErrorState },
      })),
    );
    fc.assert(
      fc.property(frame, fc.boolean(), (sent, isLittleEndian) => {
        assert.equal(canFrameProblem(sent), undefined);
        const written = writeCanFrame(sent, isLittleEndian);
        assert.equal(written.length, sent.type === "fd" ? 72 : 16);
        assert.deepEqual(readCanFrame(written, isLittleEndian), sent);
      }),
    );
  });

  test("of any other bytes is a frame or nothing", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
        (any) => {
          const frame = readCanFrame(any, true);
          if (any.length !== 16 && any.length !== 72) assert.equal(frame, undefined);
          if (frame !== undefined && frame.type !== "remote") assert(frame.data.length <= 64);
        },
      ),
    );
  });

  const refused: readonly (readonly [string, SendableCanFrame])[] = [
    ["an identifier of 12 bits", { type: "data", id: 0x800, isExtended: false, data: bytes("") }],
    ["one of 30 bits", { type: "data", id: 0x20000000, isExtended: true, data: bytes("") }],
    ["one below zero", { type: "remote", id: -1, isExtended: true, lengthBytes: 0 }],
    ["nine bytes", { type: "data", id: 1, isExtended: false, data: new Uint8Array(9) }],
    ["a wish for nine", { type: "remote", id: 1, isExtended: false, lengthBytes: 9 }],
    [
      "nine bytes in CAN FD, which has eight or twelve",
      { type: "fd", id: 1, isExtended: false, data: new Uint8Array(9), hasBitRateSwitch: true, hasErrorState: false },
    ],
  ];
  for (const [name, frame] of refused)
    test(`cannot have ${name}`, () => assert.equal(typeof canFrameProblem(frame), "string"));
});

describe("a log of candump", () => {
  test("has frames of every kind", () => {
    const log = [
      "(1436509052.249713) vcan0 044#2A366C2BBA",
      "(1436509052.449847) can1 1F334455#1122334455667788 R",
      "(1436509052.449848) can1 123#R4 T",
      "(1436509052.449849) can1 12345678##1112233",
      "(1436509052.449850) can1 20000040#0000000000000000",
      "(1436509052.449851) can1 7FF#",
      "",
    ].join("\n");
    const read = readCandumpLog(log);
    assert(read.type === "frames");
    assert.equal(read.frames[0]?.timeSeconds, 1436509052.249713);
    assert.deepEqual(
      read.frames.map(({ frame }) => frame),
      [
        { type: "data", id: 0x44, isExtended: false, data: bytes("2a366c2bba") },
        { type: "data", id: 0x1f334455, isExtended: true, data: bytes("1122334455667788") },
        { type: "remote", id: 0x123, isExtended: false, lengthBytes: 4 },
        {
          ...{ type: "fd", id: 0x12345678, isExtended: true, data: bytes("112233") },
          ...{ hasBitRateSwitch: true, hasErrorState: false },
        },
        { type: "error", classes: 0x40, data: bytes("0000000000000000") },
        { type: "data", id: 0x7ff, isExtended: false, data: bytes("") },
      ],
    );
  });

  for (const line of [
    "can0 123#00",
    "(1.0) can0 1234#00",
    "(1.0) can0 123#0",
    "(1.0) can0 123#112233445566778899",
    "(1.0) can0 FFF#00",
    "(1.0) can0 123##",
    "(1.0) can0 123#R9",
  ]) {
    test(`does not have ${line}`, () => {
      assert.deepEqual(readCandumpLog(`(1.0) can0 123#00\n\n${line}\n`), { type: "invalid", line: 3 });
    });
  }
});
