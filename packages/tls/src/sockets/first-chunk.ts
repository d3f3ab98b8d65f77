import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { readUntil } from "@fairlead/transport";

/**
 * Waits until bytes can be read, and leaves them where they are: whoever is given the stream next reads them.
 *
 * @throws TransportError STREAM_CLOSED when the peer says nothing at all; the stream's error; or the signal's reason.
 */
export function firstChunk(below: Duplex, peer: string | undefined, signal: AbortSignal): Promise<Uint8Array> {
  return readUntil<Uint8Array>(below, {
    signal,
    take: (chunk) => ({ answer: chunk, rest: chunk }),
    failure: (error) => error ?? new TransportError("STREAM_CLOSED", { peer, operation: "secure" }),
  });
}
