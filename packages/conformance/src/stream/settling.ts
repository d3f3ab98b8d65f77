import { once } from "node:events";
import type { Duplex } from "node:stream";

/** Resolves to the error that the stream fails with, whatever else happens to it. */
export function failing(stream: Duplex): Promise<unknown> {
  return new Promise((resolve) => {
    stream.once("error", resolve);
  });
}

/** Resolves when the stream is closed, also by an error, which is left to others. */
export function closing(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", resolve);
  });
}

/** Everything up to the end. What iterates (`stream/consumers`) would destroy the stream there, and cut its other half. */
export async function wholeOf(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(stream, "end");
  return Buffer.concat(chunks);
}
