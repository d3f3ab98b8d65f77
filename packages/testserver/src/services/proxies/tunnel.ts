import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** Joins two streams: bytes, ends and resets of one become those of the other, and neither outlives the other. */
export function joinStreams(one: Duplex, other: Duplex): void {
  carry(one, other);
  carry(other, one);
}

/** The first bytes of a stream that speaks first; nothing where it ends instead. It is paused behind them. */
export async function firstBytes(stream: Duplex): Promise<Buffer> {
  return await new Promise((resolve) => {
    stream.once("data", (bytes: Buffer) => {
      stream.pause();
      resolve(bytes);
    });
    stream.once("close", () => {
      resolve(Buffer.alloc(0));
    });
  });
}

function carry(from: Duplex, to: Duplex): void {
  from.on("error", () => undefined);
  from.pipe(to);
  from.once("close", () => {
    if (!from.readableEnded) abort(to);
    else if (to.writableFinished) to.destroy();
    else to.once("finish", () => to.destroy());
  });
  if (from.destroyed) abort(to);
}

function abort(stream: Duplex): void {
  if (stream instanceof Socket && !(stream instanceof TLSSocket) && !stream.destroyed) stream.resetAndDestroy();
  else stream.destroy();
}
