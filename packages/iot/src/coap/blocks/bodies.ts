import { UsageError } from "@fairlead/core";
import type { CoapBody } from "../exchange.ts";

/** A body that is in memory. Its pieces are views of it. */
export function memoryBody(bytes: Uint8Array): CoapBody {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * A body that comes piece by piece, and is kept no longer than it takes to send it: it can be sent once, from its
 * beginning.
 *
 * @param sizeBytes what the pieces add up to, which has to be known beforehand.
 *
 * @throws UsageError COAP_BODY_UNREADABLE out of `read`, when it is wanted a second time or ends too soon.
 */
export function sequentialBody(pieces: AsyncIterable<Uint8Array>, sizeBytes: number): CoapBody {
  const source = pieces[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let at = 0;
  return {
    sizeBytes,
    async read(offset, length) {
      if (offset !== at) throw new UsageError("COAP_BODY_UNREADABLE", { detail: "it is wanted once more" });
      while (heldBytes < length) {
        const result = await source.next();
        if (result.done === true) throw new UsageError("COAP_BODY_UNREADABLE", { detail: "it ended too soon" });
        held.push(result.value);
        heldBytes += result.value.length;
      }
      const bytes = joinBytes(held);
      held = [bytes.subarray(length)];
      heldBytes -= length;
      at += length;
      return bytes.subarray(0, length);
    },
  };
}

/** Puts pieces one behind the other. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
