import type { SentFraming } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";

/** Content that is copied behind its head, or between the lines of its chunk, rather than written by itself. */
const COPIED_BYTES = 16_384;
/** Content that is written at a time, so that a client that reads slowly is seen to read. */
const PIECE_BYTES = 131_072;

/**
 * Writes a head with content that is there.
 *
 * @returns what remains to be written, by {@link writeRest}, when there is room again.
 */
export function writeWhole(stream: Duplex, head: string, content: Uint8Array | string | undefined): Uint8Array {
  if (content === undefined || content.length === 0) {
    stream.write(head, "latin1");
    return NO_BYTES;
  }
  if (typeof content === "string") return writeText(stream, head, content);
  if (content.length <= COPIED_BYTES) {
    const joint = Buffer.allocUnsafe(head.length + content.length);
    joint.write(head, 0, "latin1");
    joint.set(content, head.length);
    stream.write(joint);
    return NO_BYTES;
  }
  stream.cork();
  stream.write(head, "latin1");
  const rest = writeRest(stream, content);
  stream.uncork();
  return rest;
}

/**
 * Writes the next piece of it.
 *
 * @returns what remains.
 */
export function writeRest(stream: Duplex, content: Uint8Array): Uint8Array {
  stream.write(content.length <= PIECE_BYTES ? content : content.subarray(0, PIECE_BYTES));
  return content.length <= PIECE_BYTES ? NO_BYTES : content.subarray(PIECE_BYTES);
}

/** Writes one piece of content. An empty one would be the last chunk. */
export function writePiece(stream: Duplex, framing: SentFraming, piece: Uint8Array): void {
  if (piece.length === 0) return;
  if (framing !== "chunked") {
    stream.write(piece);
    return;
  }
  const line = `${piece.length.toString(16)}\r\n`;
  if (piece.length <= COPIED_BYTES) {
    const joint = Buffer.allocUnsafe(line.length + piece.length + 2);
    joint.write(line, 0, "latin1");
    joint.set(piece, line.length);
    joint.write("\r\n", line.length + piece.length, "latin1");
    stream.write(joint);
    return;
  }
  stream.cork();
  stream.write(line, "latin1");
  stream.write(piece);
  stream.write("\r\n", "latin1");
  stream.uncork();
}

/** Most text is ASCII, and then head and content are one string to be written. */
function writeText(stream: Duplex, head: string, content: string): Uint8Array {
  const bytes = Buffer.byteLength(content);
  if (bytes > COPIED_BYTES) return writeWhole(stream, head, Buffer.from(content));
  if (bytes === content.length) {
    stream.write(head + content, "latin1");
    return NO_BYTES;
  }
  const joint = Buffer.allocUnsafe(head.length + bytes);
  joint.write(head, 0, "latin1");
  joint.write(content, head.length, "utf8");
  stream.write(joint);
  return NO_BYTES;
}

const NO_BYTES = new Uint8Array();
