import type { Duplex } from "node:stream";
import { memoryPair, type MemoryStream } from "@fairlead/transport";

/** Sits between two ends and decides what becomes of the bytes: each yielded chunk is written on, in order. */
export type Interposer = (bytes: AsyncIterable<Buffer>, from: "left" | "right") => AsyncIterable<Uint8Array>;

/**
 * Makes two connected streams with an interposer between them, which may cut, join, delay, change or count what passes.
 * An end is passed on; when one side breaks, so does the other.
 */
export function interposedPair(interpose: Interposer): [Duplex, Duplex] {
  const [left, nearLeft] = memoryPair({ allowHalfOpen: true });
  const [nearRight, right] = memoryPair({ allowHalfOpen: true });
  void carry(interpose(nearLeft, "left"), nearLeft, nearRight);
  void carry(interpose(nearRight, "right"), nearRight, nearLeft);
  return [left, right];
}

async function carry(bytes: AsyncIterable<Uint8Array>, from: MemoryStream, to: MemoryStream): Promise<void> {
  for (const stream of [from, to]) stream.on("error", () => undefined);
  to.once("close", () => {
    if (!to.writableFinished) from.destroy();
  });
  try {
    for await (const chunk of bytes) {
      if (!(await written(to, chunk))) break;
    }
    to.end();
  } catch {
    to.destroy();
  }
}

function written(stream: Duplex, chunk: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(chunk, (error) => {
      resolve(!error);
    });
  });
}
