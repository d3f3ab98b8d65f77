import type { BodySink, BodySource, Exchange, FlatFields } from "../exchange/index.ts";
import { bytesSource } from "./content-source.ts";
import type { ResponseParts } from "./lean-response.ts";

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
  signal.addEventListener("abort", cancel);
  try {
    const sink = exchange.begin({ status: parts.status, fields: withLength(parts, content) });
    if (isWithoutContent(exchange, parts)) {
      content.cancel();
      sink.end();
      return;
    }
    await pass(content, sink);
    sink.end(typeof parts.trailers === "function" ? parts.trailers() : (parts.trailers ?? content.trailers));
  } catch (error) {
    content.cancel(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

async function pass(content: BodySource, sink: BodySink): Promise<void> {
  for (;;) {
    const bytes = await content.read();
    if (bytes === undefined) return;
    if (!sink.write(bytes)) await sink.drained();
  }
}

function asSource(content: ResponseParts["content"]): BodySource {
  if (typeof content === "object" && !(content instanceof Uint8Array)) return content;
  return bytesSource(typeof content === "string" ? Buffer.from(content) : (content ?? NOTHING));
}

/** What is known of its length is said, unless it was already, or trailers follow, which HTTP/1.1 has in chunks only. */
function withLength({ fields, trailers }: ResponseParts, { length }: BodySource): FlatFields {
  if (
    length === undefined ||
    trailers !== undefined ||
    fields.some((name, at) => at % 2 === 0 && name === "content-length")
  )
    return fields;
  return [...fields, "content-length", String(length)];
}

/** RFC 9110 sections 9.3.2, 15.3.5 and 15.4.5. */
function isWithoutContent({ head }: Exchange, { status }: ResponseParts): boolean {
  return head.method === "HEAD" || status === 204 || status === 205 || status === 304;
}

const NOTHING = new Uint8Array(0);
