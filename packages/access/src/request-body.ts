import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** A body that can be read once. */
export type BodyStream = Readable | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What may be sent: text (as UTF-8), bytes, a stream, or a function that opens the stream anew for each attempt. */
export type RequestBody = string | Uint8Array | BodyStream | (() => BodyStream);

/** What the engine takes as a body. */
export type EngineBody = NonNullable<Dispatcher.DispatchOptions["body"]> | null;

/** Whether a body can be sent a second time. */
export function canReplay(body: RequestBody): boolean {
  return typeof body === "string" || body instanceof Uint8Array || typeof body === "function";
}

/** What is handed to the engine for one attempt. */
export function openBody(body: RequestBody | undefined): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  // The engine reads any iterable; its type names Readable only.
  return (typeof body === "function" ? body() : body) as string | Uint8Array | Readable;
}
