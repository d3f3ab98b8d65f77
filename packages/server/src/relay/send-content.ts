import { UsageError } from "@fairlead/core";
import { formatTrailers } from "@fairlead/http/h1";
import { endToEndTrailers } from "@fairlead/http/relay";
import type { Duplex } from "node:stream";
import type { BodySource } from "../exchange/index.ts";

/** Who wants to know how content is sent. */
export interface ContentSender {
  /** Whether nobody wants the rest. */
  isOver(): boolean;
  /** The stream takes no more for now, or more again. */
  onHeldBack(isHeldBack: boolean): void;
}

/**
 * Writes content as fast as the stream takes it.
 *
 * @param framing octets in all, or `chunked`. RFC 9112 section 6.
 * @throws UsageError OPTION_INVALID when it is not as long as declared; what reading it throws.
 */
export async function sendContent(
  body: BodySource,
  framing: number | "chunked",
  stream: Duplex,
  sender: ContentSender,
): Promise<void> {
  let length = 0;
  for (;;) {
    const piece = await body.read();
    if (sender.isOver()) return;
    if (piece === undefined) break;
    length += piece.length;
    if (framing !== "chunked" && length > framing) throw lengthWrong();
    if (framing === "chunked" ? writeChunk(stream, piece) : stream.write(piece)) continue;
    sender.onHeldBack(true);
    await drained(stream);
    sender.onHeldBack(false);
  }
  if (framing === "chunked") stream.write(`0\r\n${formatTrailers(endToEndTrailers(body.trailers))}\r\n`, "latin1");
  else if (length < framing) throw lengthWrong();
}

/** RFC 9112 section 7.1. */
function writeChunk(stream: Duplex, piece: Uint8Array): boolean {
  stream.cork();
  stream.write(`${piece.length.toString(16)}\r\n`, "latin1");
  stream.write(piece);
  const takesMore = stream.write("\r\n", "latin1");
  stream.uncork();
  return takesMore;
}

/** There is room again, or never will be. */
function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off("drain", settle).off("close", settle);
      resolve();
    };
    stream.on("drain", settle).on("close", settle);
    if (stream.destroyed) settle();
  });
}

function lengthWrong(): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "request", detail: "the content is not as long as declared" });
}
