import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "@fairlead/core";
import {
  CREDIT_LIMIT,
  Flag,
  formatPairs,
  FrameLimit,
  FrameReader,
  frameRules,
  FrameType,
  FrameWriter,
  parsePairs,
  readCancel,
  readCredit,
  readHello,
  readLog,
  readMark,
  readMemoryBytes,
  ReceiveCredit,
  SendCredit,
} from "../../../src/gateway/protocol/index.ts";

type Seen = readonly [what: string, request: number, flags: number, payload: string];

/** What is read of octets that come in pieces of the given sizes, the content of one frame as one. */
function readAll(
  bytes: Uint8Array,
  sizes: readonly number[] = [],
): { readonly seen: Seen[]; readonly reader: FrameReader } {
  const seen: Seen[] = [];
  let content: number[] = [];
  const reader = new FrameReader({
    onFrame: (type, flags, request, payload) => {
      seen.push([String(type), request, flags, Buffer.from(payload).toString("latin1")]);
    },
    onData: (request, piece, isEnd) => {
      content.push(...piece);
      if (!isEnd) return;
      seen.push(["content", request, 0, Buffer.from(content).toString("latin1")]);
      content = [];
    },
  });
  let at = 0;
  for (const size of sizes) {
    reader.read(bytes.subarray(at, at + size));
    at += size;
  }
  reader.read(bytes.subarray(at));
  return { seen, reader };
}

function written(write: (writer: FrameWriter) => void): Buffer {
  const writer = new FrameWriter();
  write(writer);
  return Buffer.concat(writer.take());
}

function frame(length: number, type: number, flags: number, reserved: number, request: number, payload = ""): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(length, 0);
  head.writeUInt8(type, 4);
  head.writeUInt8(flags, 5);
  head.writeUInt16BE(reserved, 6);
  head.writeUInt32BE(request, 8);
  return Buffer.concat([head, Buffer.from(payload, "latin1")]);
}

const isInvalid = (error: unknown): boolean => error instanceof ProtocolError && error.code === "GATEWAY_FRAME_INVALID";

suite("frames of the gateway", () => {
  test("the worked example of the guide is what is written", () => {
    const guide = readFileSync(new URL("../../../../../docs/guide/gateway-protocol.md", import.meta.url), "utf8");
    const [, example = ""] = /```text\n([^`]+)```/.exec(guide) ?? [];
    const lines = example.matchAll(/^(?:worker|server| {6})((?: +[0-9a-f]+(?= ))+)/gm);
    const told = [...lines].map(([, octets = ""]) => octets.replaceAll(" ", "")).join("");
    const bytes = written((writer) => {
      writer.hello({ requests: 32, windowBytes: 131_072 });
      writer.hello({ requests: 64, windowBytes: 131_072 });
      writer.pairs(FrameType.request, Flag.end, 1, formatPairs([":method", "GET", ":path", "/", "host", "a"]) ?? "");
      writer.pairs(FrameType.response, 0, 1, formatPairs([":status", "200"]) ?? "");
      writer.data(1, Buffer.from("hi"), true);
    });
    assert.equal(told, bytes.toString("hex"));
  });

  test("what is written is read again, whole or in pieces of any size", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("data" as const), size: fc.nat(9_000), isEnd: fc.constant(true) }),
      fc.record({ kind: fc.constant("log" as const), text: fc.string({ minLength: 1, maxLength: 50 }) }),
      fc.record({ kind: fc.constant("credit" as const), octets: fc.integer({ min: 1, max: CREDIT_LIMIT }) }),
      fc.record({ kind: fc.constant("pong" as const), memory: fc.nat({ max: 2 ** 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 })), (steps, sizes) => {
        const bytes = written((writer) => {
          for (const [index, one] of steps.entries()) {
            if (one.kind === "data") writer.data(index + 1, new Uint8Array(one.size).fill(index), one.isEnd);
            else if (one.kind === "log") writer.log(index, 1, one.text);
            else if (one.kind === "credit") writer.credit(index + 1, one.octets);
            else writer.pong(index, one.memory);
          }
        });
        const whole = readAll(bytes);
        assert.equal(whole.seen.length, steps.length);
        assert.ok(whole.reader.isBetweenFrames);
        assert.deepEqual(readAll(bytes, sizes).seen, whole.seen);
      }),
      { numRuns: 50 },
    );
  });

  test("content larger than a frame leaves in several", () => {
    const bytes = written((writer) => writer.data(1, new Uint8Array(2 * FrameLimit.data + 1), true));
    assert.equal(bytes.length, 2 * FrameLimit.data + 1 + 3 * 12);
    assert.equal(readAll(bytes).seen[0]?.[3].length, 2 * FrameLimit.data + 1);
  });

  for (const [what, bytes] of [
    ["an unknown type", frame(0, 13, 0, 0, 1)],
    ["the type 0", frame(0, 0, 0, 0, 1)],
    ["a HELLO that is too short", frame(15, FrameType.hello, 0, 0, 0)],
    ["a REQUEST of more than its limit", frame(FrameLimit.head + 1, FrameType.request, 0, 0, 1)],
    ["DATA of more than its limit", frame(FrameLimit.data + 1, FrameType.data, 0, 0, 1)],
    ["a length of four gigabytes", frame(0xffff_ffff, FrameType.data, 0, 0, 1)],
    ["a CREDIT of three octets", frame(3, FrameType.credit, 0, 0, 1)],
    ["a DRAIN with a payload", frame(1, FrameType.drain, 0, 0, 0)],
    ["a flag that its type does not have", frame(0, FrameType.data, 2, 0, 1)],
    ["octets that are not zero", frame(0, FrameType.data, 0, 1, 1)],
    ["a DATA of no request", frame(0, FrameType.data, 0, 0, 0)],
    ["a PING of a request", frame(8, FrameType.ping, 0, 0, 1)],
  ] as const) {
    test(`${what} is refused by the frame's head`, () => {
      assert.throws(() => readAll(bytes), isInvalid);
    });
  }

  test("whatever comes, it is read or refused by its documented error", () => {
    const noise = fc.uint8Array({ maxLength: 200 });
    const near = fc
      .tuple(fc.nat(40), fc.nat(14), fc.nat(3), fc.constantFrom(0, 0, 0, 1), fc.nat(3), noise)
      .map(([length, type, flags, reserved, request, tail]) =>
        Buffer.concat([frame(length, type, flags, reserved, request), tail]),
      );
    fc.assert(
      fc.property(fc.oneof(noise, near), (bytes) => {
        try {
          readAll(bytes);
        } catch (error) {
          if (!isInvalid(error)) throw error;
        }
      }),
    );
  });

  test("every type has its rule", () => {
    assert.deepEqual(
      [...frameRules.keys()].sort((a, b) => a - b),
      Object.values(FrameType),
    );
  });
});

suite("payloads of the gateway's frames", () => {
  const hello = (magic: number, version: number, requests: number, window: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(magic, 0);
    bytes.writeUInt16BE(version, 4);
    bytes.writeUInt32BE(requests, 8);
    bytes.writeUInt32BE(window, 12);
    return bytes;
  };

  test("a HELLO says how much its sender takes, and more octets are passed over", () => {
    assert.deepEqual(readHello(Buffer.concat([hello(0x7553_4749, 1, 3, 9), Buffer.alloc(4)])), {
      requests: 3,
      windowBytes: 9,
    });
  });

  for (const [what, bytes] of [
    ["of another protocol", hello(0x4854_5450, 1, 1, 1)],
    ["of another version", hello(0x7553_4749, 2, 1, 1)],
    ["that takes nothing", hello(0x7553_4749, 1, 0, 1)],
    ["without a window", hello(0x7553_4749, 1, 1, 0)],
    ["with a window that is too large", hello(0x7553_4749, 1, 1, CREDIT_LIMIT + 1)],
  ] as const) {
    test(`a HELLO ${what} is refused`, () => {
      assert.throws(() => readHello(bytes), isInvalid);
    });
  }

  test("a CREDIT of nothing, or of more than there may be, is refused", () => {
    assert.throws(() => readCredit(Buffer.alloc(4)), isInvalid);
    assert.throws(() => readCredit(Buffer.alloc(4, 0xff)), isInvalid);
    assert.equal(readCredit(Buffer.from([0, 0, 1, 0])), 256);
  });

  test("a PONG has its mark, and memory beyond 32 bits", () => {
    const bytes = written((writer) => writer.pong(0xffff_fffe, 2 ** 33 + 5)).subarray(12);
    assert.equal(readMark(bytes), 0xffff_fffe);
    assert.equal(readMemoryBytes(bytes), 2 ** 33 + 5);
  });

  test("a log line and a reason hold nothing that would move a cursor, and are cut to their limit", () => {
    const line = written((writer) => writer.log(0, 3, "a\u001b[2Jb\nc\u0085")).subarray(12);
    assert.deepEqual(readLog(line), { level: "error", text: "a [2Jb c " });
    assert.equal(readLog(Buffer.from([9, 0xff])).level, "info");
    const long = written((writer) => writer.cancel(1, 2, "é".repeat(10_000)));
    assert.equal(long.length, 12 + FrameLimit.text);
    assert.equal(readCancel(long.subarray(12)).reason, 2);
  });
});

suite("heads of the gateway's frames", () => {
  test("names and values come back as they were, octet by octet", () => {
    const pairs = [":method", "GET", "x-latin", "caf\u00e9", "x-empty", ""];
    assert.deepEqual(parsePairs(formatPairs(pairs) ?? ""), pairs);
    assert.deepEqual(parsePairs(formatPairs([]) ?? ""), []);
  });

  for (const [what, pairs] of [
    ["a name without a value", ["a"]],
    ["NUL in a value", ["a", "b\0c\0d"]],
    ["a line end in a value", ["a", "b\r\nc: d"]],
    ["a space in a name", ["a b", "c"]],
    ["an empty name", ["", "c"]],
    ["a name in upper case", ["A", "c"]],
    ["a character that is no octet", ["a", "\u0142"]],
    ["more fields than there may be", Array.from({ length: 2_050 }, () => "a")],
    ["more octets than a frame holds", ["a", "b".repeat(FrameLimit.head)]],
  ] as const) {
    test(`${what} is not sent`, () => {
      assert.equal(formatPairs(pairs), undefined);
    });
  }

  for (const [what, text] of [
    ["without an end", "a\0b"],
    ["with a name alone", "a\0"],
    ["with a line end", "a\0b\nc\0"],
    ["with an empty name", "\0b\0"],
    ["with too many fields", "a\0b\0".repeat(1_025)],
  ] as const) {
    test(`a head ${what} is refused`, () => {
      assert.throws(() => parsePairs(text), isInvalid);
    });
  }

  test("any text is a head that would be sent alike, or refused", () => {
    const text = fc.array(fc.constantFrom("a", ":a", "\0", "\r", " ", "é", "B"), { maxLength: 12 });
    fc.assert(
      fc.property(text, (parts) => {
        const head = parts.join("");
        try {
          assert.equal(formatPairs(parsePairs(head)), head);
        } catch (error) {
          if (!isInvalid(error)) throw error;
        }
      }),
    );
  });
});

suite("credit", () => {
  test("more than was granted is refused, and what was used is granted again by halves", () => {
    const credit = new ReceiveCredit(100);
    credit.arrive(100);
    assert.equal(credit.use(49), 0);
    assert.equal(credit.use(1), 50);
    credit.arrive(50);
    assert.throws(() => {
      credit.arrive(1);
    }, isInvalid);
  });

  test("a sender is never granted more than there may be", () => {
    const credit = new SendCredit(CREDIT_LIMIT);
    assert.throws(() => {
      credit.grant(1);
    }, isInvalid);
  });
});
