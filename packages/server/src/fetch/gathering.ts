import type { BodySource } from "../exchange/index.ts";

/** Reads all of it. */
export async function gather(source: BodySource): Promise<Buffer> {
  const first = await source.read();
  if (first === undefined) return Buffer.alloc(0);
  const second = await source.read();
  if (second === undefined) return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  const pieces = [first, second];
  for (;;) {
    const piece = await source.read();
    if (piece === undefined) return Buffer.concat(pieces);
    pieces.push(piece);
  }
}

/** UTF-8, a byte order mark removed. Encoding Standard section 6, "UTF-8 decode". */
export function decodeText(bytes: Buffer): string {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString("utf8", isMarked ? 3 : 0);
}

/** Bytes in memory of their own, which the application may do with as it likes. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
