import { ProtocolError } from "@fairlead/core";
import { Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";

/** Codings that one body may be wrapped in; more is an attack. */
const CODINGS_LIMIT = 5;

/**
 * Undoes the content codings of a body, the last applied first. A coding that is unknown, or that the bytes do not
 * match, destroys the stream with ProtocolError CONTENT_CODING_INVALID.
 *
 * @param contentEncoding the `Content-Encoding` field's value or values.
 * @see RFC 9110 section 8.4
 */
export function decodeContent(body: Readable, contentEncoding: string | readonly string[], peer: string): Readable {
  const codings = [contentEncoding]
    .flat()
    .join(",")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > CODINGS_LIMIT) return body.destroy(invalid(peer, `${String(codings.length)} codings`));
  if (codings.length === 0) return body;
  return Readable.from(decodeChunks(body, codings.reverse(), peer), { objectMode: false });
}

async function* decodeChunks(body: Readable, codings: readonly string[], peer: string): AsyncGenerator<Uint8Array> {
  let decoded: AsyncIterable<Uint8Array> = body;
  for (const coding of codings) decoded = await decodeOne(decoded, coding, peer);
  try {
    yield* decoded;
  } catch (error) {
    const isDecoding =
      error instanceof Error && "code" in error && /^(Z|ERR__ERROR|ERR_BROTLI|ZSTD)_?/.test(String(error.code));
    throw isDecoding ? invalid(peer, codings.join(", "), error) : error;
  } finally {
    body.destroy();
  }
}

async function decodeOne(
  encoded: AsyncIterable<Uint8Array>,
  coding: string,
  peer: string,
): Promise<AsyncIterable<Uint8Array>> {
  const iterator = encoded[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return empty();
  const transform = decoderFor(coding, first.value);
  if (transform === undefined) throw invalid(peer, "an unknown coding");
  const source = Readable.from(prepend(first.value, iterator), { objectMode: false });
  return source.compose(transform) as AsyncIterable<Uint8Array>;
}

async function* prepend(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* empty(): AsyncGenerator<Uint8Array> {
  // A body without bytes has no coding to undo.
}

function decoderFor(coding: string, first: Uint8Array): Transform | undefined {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "zstd":
      return createZstdDecompress();
    case "deflate":
      // RFC 9110 section 8.4.1.2: zlib format is right, and some servers send bare deflate data all the same.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    default:
      return undefined;
  }
}

function invalid(peer: string, detail: string, cause?: unknown): ProtocolError {
  return new ProtocolError("CONTENT_CODING_INVALID", { peer, operation: "decode", detail, cause });
}
