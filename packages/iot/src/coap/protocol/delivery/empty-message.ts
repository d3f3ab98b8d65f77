/** Writes a message of four bytes that says of another one that it came, or that nobody knows what it is about. */
export function emptyMessage(type: "acknowledgement" | "reset", messageId: number): Uint8Array {
  return Uint8Array.of(type === "reset" ? 0x70 : 0x60, 0, messageId >> 8, messageId & 255);
}
