import { ProtocolError } from "@fairlead/core";
import { Readable, type Transform } from "node:stream";

/** Codings that one body may be wrapped in; more is an attack. */
const CODINGS_LIMIT = 5;
const CODINGS: ReadonlySet<string> = new Set(["gzip", "x-gzip", "br", "zstd", "deflate"]);
/** Log2 of the largest window that a zstd frame may ask for: 8 MiB. RFC 9659 section 3. */
const ZSTD_WINDOW_LOG_LIMIT = 23;

/**
 * Undoes the content codings of a body, the last applied first. A coding that is unknown, or that the bytes do not
 * match, destroys the stream with ProtocolError CONTENT_CODING_INVALID.
 *
 * The result owns `body`: destroying one destroys the other, and an error of the body is an error of the result.
 *
 * @param contentEncoding the `Content-Encoding` field's value or values.
 * @param tolerance `tolerant` takes what browsers take: of a body that is cut what there is, and of one in an unknown
 * coding the bytes as they are.
 * @see RFC 9110 section 8.4
 */
export function decodeContent(
  body: Readable,
  contentEncoding: string | readonly string[],
  peer: string,
  tolerance: "strict" | "tolerant" = "strict",
): Readable {
  const codings = [contentEncoding]
    .flat()
    .join(",")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length === 0) return body;
  const isTolerant = tolerance === "tolerant";
  if (isTolerant && codings.length <= CODINGS_LIMIT && !codings.every((coding) => CODINGS.has(coding))) return body;
  return new DecodedBody(body, codings.reverse(), peer, isTolerant);
}

/** A chain of decoders behind one Readable: no error on the way is left without a listener, and none comes twice. */
class DecodedBody extends Readable {
  readonly #peer: string;
  readonly #isTolerant: boolean;
  readonly #links: Readable[] = [];
  /** The end of the chain; `undefined` until the first byte came that far. */
  #last: Readable | undefined;

  constructor(body: Readable, codings: readonly string[], peer: string, isTolerant: boolean) {
    super();
    this.#peer = peer;
    this.#isTolerant = isTolerant;
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
      const decoder = decoderFor(coding, first, this.#isTolerant);
      if (decoder === undefined) {
        this.destroy(this.#invalid("an unknown coding"));
        return;
      }
      decoder.on("error", (cause) => this.destroy(this.#invalid(coding, cause)));
      this.#join(source.pipe(decoder), rest);
    });
  }

  #drain(last: Readable): void {
    this.#last = last;
    last.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) last.pause();
    });
    last.on("end", () => this.push(null));
  }

  #invalid(detail: string, cause?: Error): ProtocolError {
    return new ProtocolError("CONTENT_CODING_INVALID", { peer: this.#peer, operation: "decode", detail, cause });
  }
}

function decoderFor(coding: string, first: Uint8Array, isTolerant: boolean): Transform | undefined {
  // Loaded with the first body that needs it.
  const zlib = process.getBuiltinModule("node:zlib");
  const { constants } = zlib;
  // What is there is given out although the end is missing.
  const deflate = isTolerant ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
  const brotli = isTolerant ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {};
  const zstd = isTolerant ? { finishFlush: constants.ZSTD_e_flush } : {};
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
