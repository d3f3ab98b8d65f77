import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { Code, cutFrames, Flag, frame, PREFACE, settings, Type, type SeenFrame } from "./client-frames.ts";
import type { Expectation, Http2Case } from "./http2-case.ts";
import { readStatus } from "./response-status.ts";

const LAST_PING = Buffer.from("the end.");

/** What a server did, up to the answer to a PING behind all else, or to its end. */
interface Outcome {
  readonly frames: readonly SeenFrame[];
  readonly hasEnded: boolean;
}

/**
 * Sends what a case says to a server that answers every request with 200 and its content, or with `ok` where it has none.
 *
 * @param connection to it; destroyed at the end.
 */
export async function runCase({ send, isRaw, expected }: Http2Case, connection: Duplex): Promise<void> {
  connection.on("error", () => undefined);
  try {
    const opening = isRaw ? [] : [PREFACE, settings(), frame(Type.settings, Flag.ack, 0)];
    for (const piece of [...opening, ...send]) connection.write(piece);
    connection.write(frame(Type.ping, 0, 0, LAST_PING));
    check(expected, await watch(connection, expected));
  } finally {
    connection.destroy();
  }
}

/** An answer may come later than that to the PING. */
async function watch(connection: Duplex, expected: Expectation): Promise<Outcome> {
  let frames: readonly SeenFrame[] = [];
  let rest: Buffer = Buffer.alloc(0);
  const ended = once(connection, "close").then(() => undefined);
  const pieces = connection[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([ended, pieces.next().catch(() => undefined)]);
    if (next === undefined || next.done === true) return { frames, hasEnded: true };
    const cut = cutFrames(Buffer.concat([rest, next.value as Buffer]));
    frames = [...frames, ...cut.frames];
    rest = cut.rest;
    if (isLive(frames) && hasCome(expected, frames)) return { frames, hasEnded: false };
  }
}

function isLive(frames: readonly SeenFrame[]): boolean {
  return frames.some(({ type, payload }) => type === Type.ping && payload.equals(LAST_PING));
}

function hasCome(expected: Expectation, frames: readonly SeenFrame[]): boolean {
  switch (expected.type) {
    case "answers":
      return frames.some(({ stream, flags, type }) => stream === expected.stream && hasEnd(type, flags));
    case "sends":
    case "ignores":
    case "ends":
    case "resets":
      return true;
  }
}

function hasEnd(type: number, flags: number): boolean {
  return type === Type.rstStream || ((type === Type.data || type === Type.headers) && (flags & Flag.endStream) !== 0);
}

function check(expected: Expectation, { frames, hasEnded }: Outcome): void {
  const told = frames.map(describe).join("\n");
  const goAway = frames.find(({ type }) => type === Type.goAway);
  switch (expected.type) {
    case "ends":
      assert.ok(hasEnded, `the connection goes on:\n${told}`);
      assertGoAway(goAway, expected.codes, told);
      return;
    case "resets": {
      const reset = frames.find(({ type, stream }) => type === Type.rstStream && stream === expected.stream);
      if (hasEnded && reset === undefined) assertGoAway(goAway, expected.codes, told);
      else assert.ok(expected.codes.includes(reset?.payload.readUInt32BE(0) ?? -1), told);
      return;
    }
    case "answers": {
      assert.ok(!hasEnded, `the connection has ended:\n${told}`);
      const own = frames.filter(({ stream }) => stream === expected.stream);
      const head = own.find(({ type }) => type === Type.headers);
      assert.equal(head === undefined ? undefined : readStatus(head.payload), expected.status, told);
      if (expected.content === undefined) return;
      const content = Buffer.concat(own.filter(({ type }) => type === Type.data).map(({ payload }) => payload));
      assert.equal(content.toString("latin1"), expected.content, told);
      return;
    }
    case "ignores":
    case "sends": {
      assert.ok(!hasEnded && goAway === undefined, `the connection has ended:\n${told}`);
      assert.ok(!frames.some(({ type }) => type === Type.rstStream), told);
      if (expected.type === "sends") assert.ok(expected.matches(frames), `not ${expected.what}:\n${told}`);
    }
  }
}

/** A preface that is none may be left unanswered. RFC 9113 section 3.4. */
function assertGoAway(goAway: SeenFrame | undefined, codes: readonly number[], told: string): void {
  if (goAway === undefined && codes.includes(Code.protocolError) && told === "") return;
  assert.ok(codes.includes(goAway?.payload.readUInt32BE(4) ?? -1), `not GOAWAY with ${codes.join(" or ")}:\n${told}`);
}

function describe({ type, flags, stream, payload }: SeenFrame): string {
  return `type ${String(type)} flags ${String(flags)} stream ${String(stream)} ${payload.toString("hex").slice(0, 64)}`;
}
