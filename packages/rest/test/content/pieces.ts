import { setImmediate } from "node:timers/promises";

/** A stream of these pieces. */
export async function* streamOf(...pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await setImmediate();
    yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
  }
}

/** The same octets, so many at a time. */
export function cut(octets: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, at) => octets.slice(at * size, (at + 1) * size));
}

/** All of a stream, and what ended it. */
export async function outcome<Item>(
  items: AsyncIterable<Item>,
): Promise<{ readonly items: readonly Item[]; readonly error: unknown }> {
  const all: Item[] = [];
  try {
    for await (const item of items) all.push(item);
  } catch (error) {
    return { items: all, error };
  }
  return { items: all, error: undefined };
}
