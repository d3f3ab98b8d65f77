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
