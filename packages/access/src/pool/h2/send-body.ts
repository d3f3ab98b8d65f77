import { lengthWrong, nextPiece, type BodySource, type OneTimeBody } from "../request-body-source.ts";
import type { Http2Exchange } from "./http2-exchange.ts";

const NO_DATA = new Uint8Array(0);

/** What a body needs of its connection. */
export interface BodyRoad {
  /** Whether the peer has to take first what was written before. */
  readonly isBlocked: boolean;
  /** Calls the exchange's `onGoOn` when that is done. */
  whenUnblocked(exchange: Http2Exchange): void;
}

/**
 * Sends a body as fast as its connection and its peer take it, until it ends or its exchange is over.
 *
 * @throws UsageError REQUEST_BODY_FAILED with what the body failed with; OPTION_INVALID when it is not as long as declared.
 */
export async function sendBody(
  body: Exclude<BodySource, { readonly type: "none" }>,
  contentLength: number | undefined,
  exchange: Http2Exchange,
  road: BodyRoad,
): Promise<void> {
  if (body.type === "bytes") await sendPiece(body.bytes, true, exchange, road);
  else await sendPieces(body.pieces, contentLength, exchange, road);
  if (!exchange.isOver) exchange.sent();
}

async function sendPieces(
  body: OneTimeBody,
  contentLength: number | undefined,
  exchange: Http2Exchange,
  road: BodyRoad,
): Promise<void> {
  exchange.onOver = (): void => {
    if (exchange.stream?.isSent !== true) body.close();
  };
  const { peer } = exchange.options.target;
  const iterator = body[Symbol.asyncIterator]();
  let length = 0;
  for (;;) {
    const piece = await nextPiece(iterator, peer);
    if (exchange.isOver) return;
    if (piece === undefined) break;
    length += piece.length;
    if (contentLength !== undefined && length > contentLength) throw lengthWrong(peer);
    if (!(await sendPiece(piece, false, exchange, road))) return;
  }
  if (contentLength !== undefined && length < contentLength) throw lengthWrong(peer);
  exchange.stream?.send(NO_DATA, true);
}

/** Resolves to whether it was sent; `false` when the exchange is over. */
async function sendPiece(
  piece: Uint8Array,
  isLast: boolean,
  exchange: Http2Exchange,
  road: BodyRoad,
): Promise<boolean> {
  const { stream } = exchange;
  for (let from = 0; from < piece.length; ) {
    if (stream === undefined || stream.isClosed || exchange.isOver) return false;
    const part = road.isBlocked ? NO_DATA : piece.subarray(from, from + stream.sendable);
    if (part.length === 0) {
      exchange.isHeldBack = true;
      await goneOn(exchange, road);
      exchange.isHeldBack = false;
      continue;
    }
    from += part.length;
    stream.send(part, isLast && from === piece.length);
    exchange.bodySent(part);
  }
  return true;
}

function goneOn(exchange: Http2Exchange, road: BodyRoad): Promise<void> {
  return new Promise((resolve) => {
    exchange.onGoOn = resolve;
    if (road.isBlocked) road.whenUnblocked(exchange);
    else exchange.stream?.whenSendable();
  });
}
