import { clientFrames } from "@fairlead/conformance/http2";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";

const { cutFrames, Flag, frame, PREFACE, settings, Type } = clientFrames;
type SeenFrame = clientFrames.SeenFrame;

/** A client that sends the frames that a test gives it. */
export interface RawClient {
  readonly socket: Socket;
  /** All that have come. */
  readonly frames: SeenFrame[];
  readonly send: (...frames: readonly Uint8Array[]) => void;
  /** Resolves to the first that matches, of all that have come or will; rejects when the connection ends before. */
  readonly until: (matches: (seen: SeenFrame) => boolean) => Promise<SeenFrame>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<unknown>;
}

/** Connects one that has said its preface and settings. */
export async function rawClient(
  context: TestContext,
  port: number,
  entries: readonly (readonly [number, number])[] = [],
): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => undefined);
  context.after(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  const frames: SeenFrame[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const again of woken) again();
  };
  socket.on("data", (bytes: Buffer) => {
    const cut = cutFrames(Buffer.concat([rest, bytes]));
    rest = cut.rest;
    frames.push(...cut.frames);
    wake();
  });
  socket.on("close", wake);
  socket.write(Buffer.concat([PREFACE, settings(...entries), frame(Type.settings, Flag.ack, 0)]));
  return {
    socket,
    frames,
    send: (...pieces) => {
      socket.write(Buffer.concat(pieces));
    },
    until: async (matches) => {
      for (;;) {
        const found = frames.find(matches);
        if (found !== undefined) return found;
        if (socket.destroyed) throw new Error(`the connection has ended: ${JSON.stringify(frames)}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    ended: new Promise((resolve) => socket.on("close", resolve)),
  };
}

/** Whether a frame is of this type and stream. */
export function is(type: number, stream: number): (seen: SeenFrame) => boolean {
  return (seen) => seen.type === type && seen.stream === stream;
}
