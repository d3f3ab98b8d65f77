import { PolicyError, ProtocolError } from "@fairlead/core";
import { codingsOf } from "./coding-list.ts";
import { Readable } from "node:stream";
import type { BrotliDecompress, Gunzip, Inflate, InflateRaw, ZstdDecompress } from "node:zlib";
import { isBeyond, type ExpansionLimit } from "./content-expansion.ts";

/** Codings that one body may be wrapped in; more is an attack. */
const CODINGS_LIMIT = 5;
const CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "br", "zstd", "deflate"]);
/** Log2 of the largest window that a zstd frame may ask for: 8 MiB. RFC 9659 section 3. */
const ZSTD_WINDOW_LOG_LIMIT = 23;
/** Decoded bytes that come at once: four times the library's own choice halves what a large body costs. */
const CHUNK_BYTES = 64 * 1024;

/** What undoing the codings of one body goes by. */
export interface DecodingTerms {
  readonly peer: string;
  /** `tolerant` takes what browsers take: of a body that is cut what there is, and of one in an unknown coding its bytes. */
  readonly tolerance: "strict" | "tolerant";
  readonly expansion: ExpansionLimit;
  /** Told of bytes as they are decoded. */
  readonly onDecoded: (bytes: number) => void;
}

/**
 * Undoes the content codings of a body, the last applied first. A coding that is unknown, or that the bytes do not
 * match, destroys the stream with ProtocolError CONTENT_CODING_INVALID; a body that grows further than it may, with
 * PolicyError CONTENT_EXPANSION_LIMIT, before more than one chunk beyond that is made of it.
 *
 * The result owns `body`: destroying one destroys the other, and an error of the body is an error of the result.
 *
 * @param contentEncoding the `Content-Encoding` field's value or values.
 * @see RFC 9110 section 8.4
 */
export function decodeContent(
  body: Readable,
  contentEncoding: string | readonly string[],
  terms: DecodingTerms,
): Readable {
  const codings = codingsOf(contentEncoding)
    .map((coding) => coding.toLowerCase())
    .filter((coding) => coding !== "identity");
  if (codings.length === 0) return body;
  const isKnown = codings.every((coding) => CODINGS.has(coding));
  if (terms.tolerance === "tolerant" && codings.length <= CODINGS_LIMIT && !isKnown) return body;
  return new DecodedBody(body, codings.reverse(), terms);
}

/** A chain of decoders behind one Readable: no error on the way is left without a listener, and none comes twice. */
class DecodedBody extends Readable {
  readonly #terms: DecodingTerms;
  readonly #links: Readable[] = [];
  /** The link that takes the bytes of the wire. */
  #first: Decoder | undefined;
  /** The end of the chain; `undefined` until the first byte came that far. */
  #last: Readable | undefined;

  constructor(body: Readable, codings: readonly string[], terms: DecodingTerms) {
    super();
    this.#terms = terms;
    body.on("error", (error) => this.destroy(error));
    // Given up by `discard`, which is no error to anyone.
    body.on("close", () => {
      if (!body.readableEnded) this.destroy();
    });
    if (codings.length > CODINGS_LIMIT) {
      this.#links.push(body);
      this.destroy(this.#invalid(`${String(codings.length)} codings`));
    } else {
      this.#join(body, codings);
    }
  }

  override _read(): void {
    this.#last?.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    for (const link of this.#links) link.destroy(error ?? undefined);
    done(error);
  }

  /** Waits for the first bytes, since they tell a body without any from one cut short, and zlib data from bare deflate. */
  #join(source: Readable, [coding, ...rest]: readonly string[]): void {
    this.#links.push(source);
    if (coding === undefined) {
      this.#drain(source);
      return;
    }
    source.once("readable", () => {
      const first = source.read() as Buffer | null;
      if (this.destroyed) return;
      if (first === null) {
        this.#drain(source);
        return;
      }
      source.unshift(first);
      const decoder = decoderFor(coding, first, this.#terms.tolerance);
      if (decoder === undefined) {
        this.destroy(this.#invalid("an unknown coding"));
        return;
      }
      decoder.on("error", (cause) => this.destroy(this.#invalid(coding, cause)));
      source.pipe(decoder);
      if (this.#first !== undefined) this.#limit(source);
      this.#first ??= decoder;
      this.#join(decoder, rest);
    });
  }

  #drain(last: Readable): void {
    this.#last = last;
    this.#limit(last);
    last.on("data", (chunk: Buffer) => {
      if (this.destroyed) return;
      this.#terms.onDecoded(chunk.length);
      if (!this.push(chunk)) last.pause();
    });
    last.on("end", () => this.push(null));
  }

  /** Each link has its own limit: what one blows up, the next may shrink again. */
  #limit(link: Readable): void {
    const { expansion, peer } = this.#terms;
    let decodedBytes = 0;
    link.on("data", ({ length }: Buffer) => {
      decodedBytes += length;
      const wireBytes = this.#first?.bytesWritten ?? decodedBytes;
      if (this.destroyed || !isBeyond(expansion, decodedBytes, wireBytes)) return;
      const detail = `${String(decodedBytes)} bytes of ${String(wireBytes)}, limit ${String(expansion.ratio)} to 1`;
      this.destroy(new PolicyError("CONTENT_EXPANSION_LIMIT", { peer, operation: "decode", detail }));
    });
  }

  #invalid(detail: string, cause?: Error): ProtocolError {
    return new ProtocolError("CONTENT_CODING_INVALID", { peer: this.#terms.peer, operation: "decode", detail, cause });
  }
}

type Decoder = Gunzip | BrotliDecompress | ZstdDecompress | Inflate | InflateRaw;

function decoderFor(coding: string, first: Uint8Array, tolerance: DecodingTerms["tolerance"]): Decoder | undefined {
  // Loaded with the first body that needs it.
  const zlib = process.getBuiltinModule("node:zlib");
  const { constants } = zlib;
  // What is there is given out although the end is missing.
  const isTolerant = tolerance === "tolerant";
  const deflate = { chunkSize: CHUNK_BYTES, ...(isTolerant && { finishFlush: constants.Z_SYNC_FLUSH }) };
  const brotli = { chunkSize: CHUNK_BYTES, ...(isTolerant && { finishFlush: constants.BROTLI_OPERATION_FLUSH }) };
  const zstd = { chunkSize: CHUNK_BYTES, ...(isTolerant && { finishFlush: constants.ZSTD_e_flush }) };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip(deflate);
    case "br":
      return zlib.createBrotliDecompress(brotli);
    case "zstd":
      return zlib.createZstdDecompress({ ...zstd, params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_LIMIT } });
    case "deflate":
      // RFC 9110 section 8.4.1.2: zlib format is right, and some servers send bare deflate data all the same.
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(deflate) : zlib.createInflateRaw(deflate);
    default:
      return undefined;
  }
}
