import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readLinkFrame, writeLinkFrame } from "../../src/framed/protocol/link-frames.ts";
import { ResumableStream } from "../../src/framed/protocol/resumable-stream.ts";

const session = 0x0123456789abcdefn;

interface End {
  readonly machine: ResumableStream;
  readonly received: number[];
  hasEnded: boolean;
  isOver: boolean;
  reset: string | undefined;
}

function end(role: "connector" | "acceptor", windowBytes: number): End {
  const machine = new ResumableStream({ role, session, windowBytes });
  return { machine, received: [], hasEnded: false, isOver: false, reset: undefined };
}

function hand(to: End, message: Uint8Array): void {
  for (const event of to.machine.receive(message)) {
    switch (event.type) {
      case "data":
        to.received.push(...event.bytes);
        to.machine.consumed(event.bytes.length);
        break;
      case "end":
        to.hasEnded = true;
        break;
      case "over":
        to.isOver = true;
        break;
      case "reset":
        to.reset = event.reason;
        break;
      case "opened":
        break;
    }
  }
}

/** What happens to the next message: it arrives, is lost, or the link breaks with it. */
type Fate = "arrives" | "lost" | "broken";

/** Carries messages until both are over, or nothing has moved for long. Where nobody speaks, both ask. */
function run(left: End, right: End, mtu: number, fates: Iterator<Fate>): void {
  left.machine.linkUp();
  right.machine.linkUp();
  for (let step = 0; step < 20_000 && !(left.isOver && right.isOver); step += 1) {
    const fate = fates.next().value as Fate;
    const [from, to] = step % 2 === 0 ? [left, right] : [right, left];
    const message = from.machine.nextMessage(mtu);
    if (message === undefined) {
      if (step % 51 === 0 && from.machine.awaitsWord) from.machine.ask();
      continue;
    }
    assert.ok(message.length <= mtu);
    if (fate === "arrives") hand(to, message);
    else if (fate === "broken") {
      left.machine.linkUp();
      right.machine.linkUp();
    }
  }
}

describe("a stream over links", () => {
  test("arrives whole and in order, whatever is lost and however often the link breaks", () => {
    const fates = fc.infiniteStream(
      fc.oneof(
        { weight: 40, arbitrary: fc.constant<Fate>("arrives") },
        fc.constant<Fate>("lost"),
        fc.constant<Fate>("broken"),
      ),
    );
    const bytes = fc.uint8Array({ maxLength: 400 });
    const bounds = fc.record({ mtu: fc.integer({ min: 20, max: 100 }), windowBytes: fc.integer({ min: 1, max: 120 }) });
    fc.assert(
      fc.property(bytes, bytes, bounds, fates, (there, back, { mtu, windowBytes }, fate) => {
        const left = end("connector", windowBytes);
        const right = end("acceptor", windowBytes);
        for (const byte of there) left.machine.write(Uint8Array.of(byte));
        right.machine.write(new Uint8Array(back));
        left.machine.end();
        right.machine.end();
        run(left, right, mtu, fate);
        assert.deepEqual([left.reset, right.reset], [undefined, undefined]);
        assert.deepEqual([right.received, left.received], [[...there], [...back]]);
        assert.deepEqual([left.hasEnded, right.hasEnded, left.isOver, right.isOver], [true, true, true, true]);
      }),
      { numRuns: 150 },
    );
  });

  test("sends no more than the other end takes", () => {
    const left = end("connector", 64);
    const right = end("acceptor", 64);
    left.machine.write(new Uint8Array(1_000));
    left.machine.linkUp();
    right.machine.linkUp();
    let sent = 0;
    for (let step = 0; step < 200; step += 1) {
      const message = left.machine.nextMessage(20);
      if (message !== undefined) {
        if (readLinkFrame(message)?.type === "data") sent += message.length - 1;
        // Nobody reads: what arrives is not told as consumed.
        right.machine.receive(message);
      }
      const answer = right.machine.nextMessage(20);
      if (answer !== undefined) left.machine.receive(answer);
    }
    assert.equal(sent, 64);
    assert.equal(left.machine.unsentBytes, 936);
  });

  test("keeps no more than 1 MiB for an end that takes everything and acknowledges nothing", () => {
    const sender = end("acceptor", 16_384);
    sender.machine.linkUp();
    hand(sender, writeLinkFrame({ type: "hello", resumes: false, session, received: 0, limit: 2 ** 31 - 1 }));
    let sent = 0;
    for (let round = 0; round < 300; round += 1) {
      sender.machine.write(new Uint8Array(10_000));
      for (let next = sender.machine.nextMessage(1_000); next !== undefined; next = sender.machine.nextMessage(1_000)) {
        if (readLinkFrame(next)?.type === "data") sent += next.length - 1;
      }
    }
    assert.equal(sent, 2 ** 20);
    hand(sender, writeLinkFrame({ type: "credit", received: sent, limit: 2 ** 31 - 1 }));
    assert.notEqual(sender.machine.nextMessage(1_000), undefined, "and it goes on when they are acknowledged");
  });

  test("is reset by more than was asked for, by another session, and by what is no message", () => {
    const open = (): End => {
      const left = end("connector", 16);
      const right = end("acceptor", 16);
      left.machine.linkUp();
      right.machine.linkUp();
      hand(right, left.machine.nextMessage(20) ?? new Uint8Array());
      right.machine.nextMessage(20);
      return right;
    };
    const data = (counter: number): Uint8Array => writeLinkFrame({ type: "data", counter, bytes: new Uint8Array(17) });
    const foreign = writeLinkFrame({ type: "hello", resumes: true, session: 1n, received: 0, limit: 9 });
    const future = writeLinkFrame({ type: "credit", received: 1, limit: 9 });
    for (const [message, reason] of [
      [data(0), "protocol"],
      [foreign, "session-unknown"],
      [future, "protocol"],
      [Uint8Array.of(0x77), "protocol"],
      [new Uint8Array(), "protocol"],
    ] as const) {
      const right = open();
      hand(right, message);
      assert.equal(right.reset, reason);
    }
  });

  test("survives whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 24 }), { maxLength: 30 }), (messages) => {
        const right = end("acceptor", 100);
        right.machine.linkUp();
        for (const message of messages) {
          hand(right, message);
          right.machine.nextMessage(20);
        }
        assert.ok(right.received.length <= 100 + messages.length * 24);
      }),
    );
  });

  test("goes on when its count of bytes has gone round (modulo 2^32)", () => {
    const standing = { received: 2 ** 32 - 1, limit: 5 } as const;
    const frame = writeLinkFrame({ type: "credit", ...standing });
    assert.deepEqual(readLinkFrame(frame), { type: "credit", ...standing });
  });
});
