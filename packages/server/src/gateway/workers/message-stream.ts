import { Duplex } from "node:stream";
import type { MessagePort } from "node:worker_threads";

/**
 * A stream over a port between threads. It takes what it is given at once: what may be under way is bounded by what is
 * spoken over it.
 */
export function messageStream(port: MessagePort): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Uint8Array, _encoding, done) => {
      post(port, [chunk]);
      done();
    },
    writev: (chunks, done) => {
      post(
        port,
        chunks.map(({ chunk }) => chunk as Uint8Array),
      );
      done();
    },
    final: (done) => {
      port.postMessage(null);
      done();
    },
    destroy: (error, done) => {
      port.close();
      done(error);
    },
  });
  port.on("message", (message: Uint8Array | null) => {
    stream.push(message);
  });
  port.once("close", () => {
    // Whatever was posted before has come before, and may still be read.
    stream.push(null);
  });
  return stream;
}

/** A copy is what leaves: a piece may be a part of memory that others are in. */
function post(port: MessagePort, chunks: readonly Uint8Array[]): void {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  port.postMessage(bytes, [bytes.buffer]);
}
