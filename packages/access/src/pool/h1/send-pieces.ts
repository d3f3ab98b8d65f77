import type { Duplex } from "node:stream";
import { lengthWrong, nextPiece, type OneTimeBody } from "../request-body-source.ts";
import type { Http1Exchange } from "./http1-exchange.ts";

/** How the end of a body is told: by a length that was declared, or by chunks. */
type Framing = number | "chunked";

/**
 * Writes a body that comes in pieces, as fast as the peer takes them, until it ends or its exchange is over.
 *
 * @throws UsageError REQUEST_BODY_FAILED with what the body failed with; OPTION_INVALID when it is not as long as declared.
 */
export async function sendPieces(
  body: OneTimeBody,
  framing: Framing,
  stream: Duplex,
  exchange: Http1Exchange,
  onDeadline: () => void,
): Promise<void> {
  const over = Promise.withResolvers<undefined>();
  exchange.onOver = (): void => {
    over.resolve(undefined);
    if (!exchange.isSent) body.close();
  };
  const { peer } = exchange.options.target;
  const iterator = body[Symbol.asyncIterator]();
  let length = 0;
  for (;;) {
    const piece = await nextPiece(iterator, peer);
    if (exchange.isOver) return;
    if (piece === undefined) break;
    if (piece.length === 0) continue;
    length += piece.length;
    if (framing !== "chunked" && length > framing) throw lengthWrong(peer);
    const takesMore = framing === "chunked" ? writeChunk(stream, piece) : stream.write(piece);
    exchange.bodySent(piece);
    if (takesMore) continue;
    exchange.isHeldBack = true;
    onDeadline();
    await Promise.race([drained(stream), over.promise]);
    exchange.isHeldBack = false;
    onDeadline();
  }
  if (framing === "chunked") stream.write("0\r\n\r\n", "latin1");
  else if (length < framing) throw lengthWrong(peer);
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

function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    stream.once("drain", resolve);
  });
}
