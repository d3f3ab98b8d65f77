import { formatRequestHead } from "@fairlead/http/h1";
import { bodySource, contentOf, nextPiece, withContentType, type OneTimeBody } from "../pool/request-body-source.ts";
import type { DispatchHandler, HopOptions } from "../dispatch.ts";
import { flatFields } from "../request-fields.ts";

/** What a request sends, as handlers of schemes are given it. */
export interface SentContent {
  /** By lower-case name, with the length and type that the body has of itself. */
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` for none. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Nobody reads the body any more. */
  close(reason?: Error): void;
}

/**
 * Makes what a handler is given of the fields and the body of a hop. What HTTP would not write is no handler's to look at.
 *
 * @throws UsageError HEADER_INVALID, OPTION_INVALID
 */
export function sentContent(options: HopOptions, handler: DispatchHandler): SentContent {
  const source = bodySource(options.body);
  const fields = withContentType(flatFields(options.headers), source);
  const { method, target } = options;
  formatRequestHead({
    ...{ method, target: "/", host: "handler", fields, content: contentOf(source), upgrade: undefined },
    peer: target.peer,
  });
  const headers = recordOf(fields);
  if (source.type === "none") return { headers, body: undefined, close: () => undefined };
  const length = contentOf(source);
  const sized = typeof length === "number" ? { ...headers, "content-length": String(length) } : headers;
  if (source.type === "bytes") {
    return { headers: sized, body: told([source.bytes], handler), close: () => undefined };
  }
  const { pieces } = source;
  return {
    headers: sized,
    body: told(piecesOf(pieces, options.target.peer), handler),
    close: (reason) => {
      pieces.close(reason);
    },
  };
}

async function* piecesOf(pieces: OneTimeBody, peer: string): AsyncGenerator<Uint8Array, void> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await nextPiece(iterator, peer);
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    pieces.close();
  }
}

/** Tells of each piece as it is taken. */
async function* told(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  handler: DispatchHandler,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    handler.onBodySent?.(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    yield piece;
  }
  handler.onRequestSent?.();
}

/** Repeated fields as one. RFC 9110 section 5.2. */
function recordOf(fields: readonly string[]): Record<string, string> {
  const all = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]?.toLowerCase() ?? "";
    const value = fields[index + 1] ?? "";
    const earlier = all.get(name);
    all.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(all);
}
