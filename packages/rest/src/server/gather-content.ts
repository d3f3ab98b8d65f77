import type { BodySource } from "@fairlead/server";
import { Problem } from "./problem.ts";

/**
 * Reads all of some content. What is too long by its own word is not asked for.
 *
 * @throws Problem 413
 */
export async function gatherContent(source: BodySource, limitBytes: number): Promise<Buffer> {
  const { length } = source;
  if (length !== undefined && length > limitBytes) throw tooLarge(limitBytes);
  const first = await source.read();
  if (first === undefined) return NOTHING;
  if (first.length === length) return Buffer.from(first.buffer, first.byteOffset, first.length);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let piece: Uint8Array | undefined = first; piece !== undefined; piece = await source.read()) {
    bytes += piece.length;
    if (bytes > limitBytes) {
      source.cancel();
      throw tooLarge(limitBytes);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

const NOTHING = Buffer.alloc(0);

function tooLarge(limitBytes: number): Problem {
  return new Problem(413, { detail: `content is limited to ${String(limitBytes)} octets` });
}
