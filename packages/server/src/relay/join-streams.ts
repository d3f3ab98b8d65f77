import type { Duplex } from "node:stream";

/**
 * Passes on what comes on either of two streams, no faster than the other takes it. When one of them ends, so does the
 * other behind what is under way; when one of them breaks, so does the other.
 */
export function joinStreams(one: Duplex, other: Duplex): void {
  pass(one, other);
  pass(other, one);
}

function pass(from: Duplex, to: Duplex): void {
  from.on("error", () => undefined);
  from.on("close", () => {
    // What ended in order is ended by `pipe`.
    if (!from.readableEnded) to.destroy();
  });
  if (from.destroyed) to.destroy();
  else from.pipe(to);
}
