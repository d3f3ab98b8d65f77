import type { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { readUntil } from "@fairlead/transport";
import { httpVersionOf } from "./protocol/http-version.ts";

/** What a client began with. */
export interface FirstBytes {
  readonly version: "1" | "2";
  /** Taken off the stream: they are the driver's. */
  readonly first: Uint8Array;
}

/**
 * Reads until it is clear which HTTP is spoken: a byte is enough for nearly all of HTTP/1.
 *
 * @throws TransportError STREAM_CLOSED when the client says nothing at all; the stream's error; or the signal's reason.
 */
export function readFirst(stream: Duplex, signal: AbortSignal): Promise<FirstBytes> {
  let read: Buffer = Buffer.alloc(0);
  return readUntil<FirstBytes>(stream, {
    signal,
    take(chunk) {
      read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
      const version = httpVersionOf(read);
      return version === "need-data" ? undefined : { answer: { version, first: read } };
    },
    failure: (error) => error ?? new TransportError("STREAM_CLOSED", { operation: "read" }),
  });
}
