/** A row of bytes, as an editor of bytes shows it. */
export interface HexRow {
  /** Where it begins, in hexadecimal. */
  readonly offset: string;
  readonly bytes: string;
  /** Printable ASCII; a dot for all else. */
  readonly text: string;
}

/** The row of `width` bytes that has this number. */
export function hexRow(bytes: Uint8Array, row: number, width: number): HexRow {
  const part = bytes.subarray(row * width, (row + 1) * width);
  const pairs = Array.from(part, (byte) => byte.toString(16).padStart(2, "0"));
  return {
    offset: (row * width).toString(16).padStart(8, "0"),
    bytes: [pairs.slice(0, 8).join(" "), pairs.slice(8).join(" ")].filter((half) => half !== "").join("  "),
    text: Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join(""),
  };
}
