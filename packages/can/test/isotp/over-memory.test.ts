import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TransportError } from "@fairlead/core";
import {
  isoTpPath,
  isoTpStream,
  memoryCan,
  type CanFrame,
  type IsoTpClock,
  type IsoTpOptions,
  type MemoryCanOptions,
} from "../../src/index.ts";

describe("messages over ISO-TP", () => {
  for (const frameBytes of [8, 64]) {
    test(`arrive whole in both directions at once, by frames of ${String(frameBytes)} bytes`, async () => {
      const [near, far] = pairOf({ frameBytes, blockSize: 3 }).map(isoTpPath);
      assert(near !== undefined && far !== undefined);
      const [there, back] = [randomBytes(4_095), randomBytes(1_000)];
      const heard = Promise.all([once(far, "message"), once(near, "message")]);
      near.send(there);
      far.send(back);
      const [[first], [second]] = (await heard) as [[Buffer], [Buffer]];
      assert.deepEqual([first.equals(there), second.equals(back)], [true, true]);
      assert.equal(near.peer, "memory 7e0/7e8");
    });
  }

  test("that are too long are an error, and empty ones nothing", () => {
    const [near] = pairOf({ messageBytes: 10 }).map(isoTpPath);
    assert.throws(() => near?.send(new Uint8Array(11)), {
      code: "DATAGRAM_TOO_LARGE",
      message: /11 bytes; .* 10 at most/,
    });
    near?.send(new Uint8Array(0));
  });

  test("that nobody answers are told when the time is over", async () => {
    const { clock, advance } = handClock();
    const path = isoTpPath({ bus: memoryCan().join(), sendId: 1, receiveId: 2, clock });
    const told = once(path, "unreachable") as Promise<[TransportError]>;
    path.send(new Uint8Array(8));
    await advance(1_000);
    const [error] = await told;
    assert.deepEqual([error.code, error.peer], ["ISOTP_MESSAGE_LOST", "memory 001/002"]);
    assert.match(error.message, /no answer/);
    assert.equal(path.closed, false);
  });

  test("wait in a queue that has an end", async () => {
    const { clock } = handClock();
    const path = isoTpPath({ bus: memoryCan().join(), sendId: 1, receiveId: 2, clock });
    const told = once(path, "unreachable") as Promise<[TransportError]>;
    for (let sent = 0; sent < 65; sent += 1) path.send(new Uint8Array(8));
    assert.match((await told)[0].message, /64 others wait/);
    path.close();
  });

  test("of other identifiers are not heard, and a bus that closes closes its paths once", async () => {
    const can = memoryCan();
    const bus = can.join();
    const path = isoTpPath({ bus, sendId: 1, receiveId: 2 });
    const heard: string[] = [];
    path.on("message", (bytes) => heard.push(bytes.toString()));
    let closes = 0;
    path.on("close", () => (closes += 1));
    const frame = { type: "data", data: Uint8Array.of(1, 0x61) } as const;
    can.inject({ ...frame, id: 3, isExtended: false });
    can.inject({ ...frame, id: 2, isExtended: true });
    can.inject({ type: "error", classes: 0x40, data: new Uint8Array(8) });
    can.inject({ ...frame, id: 2, isExtended: false });
    await once(path, "message");
    assert.deepEqual(heard, ["a"]);
    bus.close();
    path.close();
    assert.deepEqual([path.closed, closes, bus.listenerCount("frame")], [true, 1, 0]);
    await assert.rejects(bus.send({ ...frame, id: 2, isExtended: false }), { code: "STREAM_CLOSED" });
  });

  const refused: readonly Partial<IsoTpOptions>[] = [
    { sendId: 0x800 },
    { receiveId: -1 },
    { receiveId: 1 },
    { receiveId: 1, addressByte: { send: 1, receive: 2 } },
    { frameBytes: 7 },
    { frameBytes: 13 },
    { padding: 256 },
    { messageBytes: 0 },
    { blockSize: 256 },
    { separationMilliseconds: 128 },
    { timeoutMilliseconds: 0 },
    { addressByte: { send: 256, receive: 0 } },
  ];
  for (const options of refused) {
    test(`are not exchanged with ${JSON.stringify(options)}`, () => {
      const call = (): unknown => isoTpPath({ bus: memoryCan().join(), sendId: 1, receiveId: 2, ...options });
      assert.throws(call, { name: "UsageError", code: "OPTION_INVALID" });
    });
  }
});

describe("a byte stream over ISO-TP", () => {
  test("carries any number of bytes, and has a fast sender wait for a slow reader", async () => {
    const { clock, advance } = handClock();
    const [near, far] = pairOf({ messageBytes: 4_095, frameBytes: 64, clock }).map(isoTpStream);
    assert(near !== undefined && far !== undefined);
    const sent = randomBytes(200_000);
    const written = new Promise<void>((resolve, reject) => {
      near.write(sent, (error) => (error ? reject(error) : resolve()));
    });
    // Nobody reads: the sender is told to wait for as long as it takes.
    for (let round = 0; round < 20; round += 1) await advance(500);
    assert(far.readableLength <= 16_384 + 4_095);
    const pieces: Buffer[] = [];
    let received = 0;
    far.on("data", (piece: Buffer) => {
      pieces.push(piece);
      received += piece.length;
    });
    await written;
    while (received < sent.length) await nextTurn();
    assert(Buffer.concat(pieces).equals(sent));
    near.destroy();
    far.destroy();
  });

  test("ends with an error when a message is lost", async () => {
    const [near, far] = pairOf({}, (frame, deliver) => {
      // The second of the consecutive frames.
      if (frame.type === "data" && frame.data[0] === 0x22) return;
      setImmediate(() => deliver(frame));
    }).map(isoTpStream);
    assert(near !== undefined && far !== undefined);
    const failed = once(far.resume(), "error") as Promise<[TransportError]>;
    near.write(randomBytes(100));
    const [error] = await failed;
    assert.deepEqual([error.code, error.message.includes("wrong sequence number")], ["ISOTP_MESSAGE_LOST", true]);
    near.destroy();
  });

  test("is not filled without end by short messages that nobody reads", async () => {
    const can = memoryCan({ carry: (frame, deliver) => deliver(frame) });
    const stream = isoTpStream({ bus: can.join(), sendId: 1, receiveId: 2 });
    const failed = once(stream, "error") as Promise<[TransportError]>;
    const frame: CanFrame = { type: "data", id: 2, isExtended: false, data: Uint8Array.of(7, 1, 2, 3, 4, 5, 6, 7) };
    for (let sent = 0; sent < 20_000; sent += 1) can.inject(frame);
    assert.match((await failed)[0].message, /nobody reads/);
    assert(stream.readableLength <= 16_384 + 4_095 + 65_536 + 7);
  });
});

/** Options of both ends on one bus. */
function pairOf(options: Partial<IsoTpOptions>, carry?: MemoryCanOptions["carry"]): IsoTpOptions[] {
  const can = memoryCan({ carry });
  return [
    { bus: can.join(), sendId: 0x7e0, receiveId: 0x7e8, ...options },
    { bus: can.join(), sendId: 0x7e8, receiveId: 0x7e0, ...options },
  ];
}

/** A clock that goes when it is told. */
function handClock(): { readonly clock: IsoTpClock; readonly advance: (milliseconds: number) => Promise<void> } {
  let time = 0;
  const timers = new Map<() => void, number>();
  return {
    clock: {
      now: () => time,
      after(milliseconds, call) {
        const fire = (): void => call();
        timers.set(fire, time + milliseconds);
        return () => timers.delete(fire);
      },
    },
    async advance(milliseconds) {
      // What was sent before is heard before.
      for (let turn = 0; turn < 500; turn += 1) await nextTurn();
      time += milliseconds;
      for (const [fire, due] of [...timers]) {
        if (due > time || !timers.delete(fire)) continue;
        fire();
      }
    },
  };
}
