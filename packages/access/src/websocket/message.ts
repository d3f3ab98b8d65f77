/** A message: a string is a text, bytes are a binary message. */
export type WebSocketMessage = string | Uint8Array<ArrayBuffer>;

/** What a binary message of an event is. */
export type BinaryType = "arraybuffer" | "blob" | "bytes";

/** What a message costs beside its bytes. */
const OVERHEAD_BYTES = 64;

/** What a message that waits takes. */
export function sizeOf(message: WebSocketMessage): number {
  return message.length + OVERHEAD_BYTES;
}

/** Makes of a message what an event holds. */
export function shapeMessage(
  message: WebSocketMessage,
  binaryType: BinaryType,
): string | Blob | ArrayBuffer | Uint8Array {
  if (typeof message === "string" || binaryType === "bytes") return message;
  if (binaryType === "blob") return new Blob([message]);
  const { buffer, byteOffset, byteLength } = message;
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
