import assert from "node:assert/strict";
import { test } from "node:test";
import { isCodedError } from "@fairlead/core";
import { MessageReader, type MessageSink, PLAIN_PLATFORM, type WebSocketPlatform } from "@fairlead/http/websocket";
import type { WebSocketRole } from "@fairlead/transport/websocket";
import fc from "fast-check";
import { NODE_PLATFORM } from "../../src/websocket/node-platform.ts";
import { type Case, close, onTheWire } from "./cases/case.ts";
import { controlCases } from "./cases/control.ts";
import { deflateCases } from "./cases/deflate.ts";
import { framingCases } from "./cases/framing.ts";
import { limitCases } from "./cases/limits.ts";
import { textCases } from "./cases/texts.ts";

const SEED = 20_261_121;
const cases = [...framingCases, ...controlCases, ...textCases, ...limitCases, ...deflateCases];
const roles = ["client", "server"] as const;

for (const role of roles) {
  test(`a ${role}'s reader tells the same wherever the bytes of a case are cut in two, and byte by byte`, () => {
    for (const each of cases) {
      const bytes = bytesOf(each, role);
      const whole = tell(each, role, [bytes]);
      for (const at of cutsOf(bytes.length)) {
        assert.deepEqual(tell(each, role, [bytes.subarray(0, at), bytes.subarray(at)]), whole, each.says);
      }
      if (bytes.length < 1_000) {
        const single = [...bytes].map((octet) => Buffer.of(octet));
        assert.deepEqual(tell(each, role, single), whole, each.says);
      }
    }
  });

  test(`a ${role}'s reader tells the same by the means of the language alone`, () => {
    for (const each of cases) {
      const bytes = bytesOf(each, role);
      assert.deepEqual(tell(each, role, [bytes], PLAIN_PLATFORM), tell(each, role, [bytes]), each.says);
    }
  });

  test(`a ${role}'s reader that is paused after everything it tells, tells the same`, () => {
    for (const each of cases) {
      const bytes = bytesOf(each, role);
      assert.deepEqual(tell(each, role, [bytes], NODE_PLATFORM, true), tell(each, role, [bytes]), each.says);
    }
  });
}

test("however mutated bytes are cut, a reader tells the same, throws nothing else, and changes none of them", () => {
  const mutation = fc.record({ at: fc.nat(), octet: fc.nat({ max: 255 }) });
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom(...cases.filter(({ frames }) => bytesLength(frames) < 2_000)),
      fc.constantFrom(...roles),
      fc.array(mutation, { maxLength: 3 }),
      cuts,
      (each, role, mutations, at) => {
        const bytes = bytesOf(each, role);
        for (const { at, octet } of mutations) if (bytes.length > 0) bytes[at % bytes.length] = octet;
        const before = Buffer.from(bytes);
        const positions = at.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
        const pieces = [...positions, bytes.length].map((end, index) => bytes.subarray(positions[index - 1] ?? 0, end));
        assert.deepEqual(tell(each, role, pieces), tell(each, role, [bytes]));
        assert.deepEqual(bytes, before);
      },
    ),
    { numRuns: 3_000, seed: SEED },
  );
});

function bytesLength(frames: Case["frames"]): number {
  return frames.reduce((sum, frame) => sum + (Buffer.isBuffer(frame) ? frame.length : frame.payload.length), 0);
}

function bytesOf({ frames, ends }: Case, role: WebSocketRole): Buffer {
  const all = ends === undefined ? [...frames, close(1000)] : frames;
  return Buffer.concat(all.map((frame) => onTheWire(frame, role)));
}

/** All places near the ends, and some of those between. */
function cutsOf(length: number): readonly number[] {
  const cuts = Array.from({ length: length + 1 }, (_, at) => at);
  return length < 300 ? cuts : cuts.filter((at) => at < 40 || at > length - 20 || at % Math.ceil(length / 20) === 0);
}

/** What a reader told, pieces of one compressed message joined; and the code of what it threw. */
function tell(
  { deflate, limits }: Case,
  role: WebSocketRole,
  pieces: readonly Uint8Array[],
  platform: WebSocketPlatform = NODE_PLATFORM,
  pauses = false,
): readonly unknown[] {
  const told: unknown[] = [];
  let deflated: Buffer = Buffer.alloc(0);
  const pause = (): void => {
    if (pauses) reader.pause();
  };
  const sink: MessageSink = {
    onText: (text) => told.push(["text", text]) && pause(),
    onBinary: (octets) => told.push(["binary", Buffer.from(octets)]) && pause(),
    onDeflated: (piece, isText, isEnd) => {
      deflated = Buffer.concat([deflated, piece]);
      if (isEnd) {
        told.push(["deflated", isText, deflated]);
        deflated = Buffer.alloc(0);
      }
      pause();
    },
    onPing: (payload) => told.push(["ping", Buffer.from(payload)]) && pause(),
    onPong: (payload) => told.push(["pong", Buffer.from(payload)]) && pause(),
    onClose: (code, reason) => told.push(["close", code, reason]),
  };
  const reader = new MessageReader(sink, { role, allowsCompression: deflate !== undefined, limits, platform });
  try {
    for (const piece of pieces) {
      let at = reader.read(piece);
      while (reader.isPaused) {
        reader.resume();
        at = reader.read(piece, at);
      }
      assert.equal(at, piece.length);
    }
    told.push(["amid", reader.isAmid]);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    told.push(["error", error.code]);
    assert.throws(() => reader.read(Buffer.from("more")), error);
  }
  return told;
}
