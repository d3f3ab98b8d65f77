/** Reads bytes from `start` to below `end` as text, one character a byte. */
export type Latin1Decoder = (bytes: Uint8Array, start: number, end: number) => string;

/** More arguments than this may not fit the stack. */
const PIECE_BYTES = 4_096;

/** Reads ISO 8859-1, where a platform has nothing faster. (`TextDecoder` takes "latin1" for windows-1252.) */
export const decodeLatin1: Latin1Decoder = (bytes, start, end) => {
  let text = "";
  for (let at = start; at < end; at += PIECE_BYTES) {
    // `apply` takes whatever has a length and numbers; spreading would walk through an iterator.
    const piece = bytes.subarray(at, Math.min(end, at + PIECE_BYTES)) as unknown as number[];
    text += String.fromCharCode.apply(undefined, piece);
  }
  return text;
};
