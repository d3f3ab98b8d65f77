import { setImmediate as nextTurn } from "node:timers/promises";
import type { BodySink, BodySource, Exchange } from "../exchange/index.ts";
import { bytesSource } from "./content-source.ts";
import { readEarly } from "./early-content.ts";
import type { ResponseParts } from "./lean-response.ts";

/** What is made without waiting, piece after piece, and as fast as its client takes it, lets others have their turn. */
const PIECES_A_TURN = 128;

/**
 * Sends an answer whose content comes by and by, no faster than its client takes it. When the client leaves the content is
 * cancelled.
 *
 * Rejects with what the content failed with, or its head was refused with.
 */
export async function sendContent(exchange: Exchange, parts: ResponseParts): Promise<void> {
  const { signal } = exchange;
  const content = asSource(parts.content);
  const cancel = (): void => {
    content.cancel(signal.reason);
  };
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel);
  try {
    if (isWithoutContent(exchange, parts)) sendHead(exchange, parts, content);
    else if (content.length === undefined && parts.trailers === undefined)
      await sendUnmeasured(exchange, parts, content);
    else await pass(content, beginWithLength(exchange, parts, content), parts);
  } catch (error) {
    content.cancel(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function sendHead(exchange: Exchange, parts: ResponseParts, content: BodySource): void {
  const sink = beginWithLength(exchange, parts, content);
  content.cancel();
  sink.end();
}

async function sendUnmeasured(exchange: Exchange, parts: ResponseParts, content: BodySource): Promise<void> {
  const { pieces, next } = await readEarly(content);
  if (next === undefined && content.trailers.length === 0) {
    exchange.respond(parts, pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
    return;
  }
  const sink = exchange.begin(parts);
  let hasRoom = true;
  for (const piece of pieces) hasRoom = sink.write(piece);
  if (!hasRoom) await sink.drained();
  const piece = await next?.();
  if (piece !== undefined && !sink.write(piece)) await sink.drained();
  await pass(content, sink, parts);
}

async function pass(content: BodySource, sink: BodySink, { trailers }: ResponseParts): Promise<void> {
  let piecesOfTurn = 0;
  for (let bytes = await content.read(); bytes !== undefined; bytes = await content.read()) {
    piecesOfTurn += 1;
    if (!sink.write(bytes)) await sink.drained();
    else if (piecesOfTurn >= PIECES_A_TURN) {
      piecesOfTurn = 0;
      await nextTurn();
    }
  }
  sink.end(typeof trailers === "function" ? trailers() : (trailers ?? content.trailers));
}

function asSource(content: ResponseParts["content"]): BodySource {
  if (typeof content === "object" && !(content instanceof Uint8Array)) return content;
  return bytesSource(typeof content === "string" ? Buffer.from(content) : (content ?? NOTHING));
}

/** What is known of its length is said, unless it was already, or trailers follow, which HTTP/1.1 has in chunks only. */
function beginWithLength(exchange: Exchange, parts: ResponseParts, { length }: BodySource): BodySink {
  const { status, fields, trailers } = parts;
  const isSaid = fields.some((name, at) => at % 2 === 0 && name === "content-length");
  if (length === undefined || trailers !== undefined || isSaid) return exchange.begin({ status, fields });
  return exchange.begin({ status, fields: [...fields, "content-length", String(length)] });
}

/** RFC 9110 sections 9.3.2, 15.3.5, 15.3.6 and 15.4.5. */
function isWithoutContent({ head }: Exchange, { status }: ResponseParts): boolean {
  return head.method === "HEAD" || status === 204 || status === 205 || status === 304;
}

const NOTHING = new Uint8Array(0);
