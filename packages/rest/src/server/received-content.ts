import { exchangeOf, requestContent } from "@fairlead/server/fetch";
import { Problem } from "./problem.ts";

/** The content of one request, which remembers why it did not come whole: that is nobody's failure here. */
export class ReceivedContent {
  readonly #request: Request;
  readonly #limitBytes: number;
  /** What reading it has failed with. */
  failure: unknown;

  /** @param limitBytes of content that is read whole. */
  constructor(request: Request, limitBytes: number) {
    this.#request = request;
    this.#limitBytes = limitBytes;
  }

  /** Octets that one item of it may have. */
  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Whether there is any, as far as its head tells. */
  get isAnnounced(): boolean {
    const exchange = exchangeOf(this.#request);
    if (exchange === undefined) return this.#request.body !== null;
    return exchange.body !== undefined && exchange.body.length !== 0;
  }

  /**
   * Reads all of it. What is too long by its own word is not asked for.
   *
   * @throws Problem 413
   */
  async whole(): Promise<Buffer> {
    const source = requestContent(this.#request);
    if (source === undefined) return NOTHING;
    const { length } = source;
    if (length !== undefined && length > this.#limitBytes) throw this.#tooLarge();
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    try {
      for (let piece = await source.read(); piece !== undefined; piece = await source.read()) {
        bytes += piece.length;
        if (bytes > this.#limitBytes) {
          source.cancel();
          throw this.#tooLarge();
        }
        if (bytes === length && pieces.length === 0) return Buffer.from(piece.buffer, piece.byteOffset, bytes);
        pieces.push(piece);
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
    return Buffer.concat(pieces, bytes);
  }

  /** Reads it as it comes. Who leaves the loop does not want the rest. */
  async *pieces(): AsyncGenerator<Uint8Array, undefined> {
    const source = requestContent(this.#request);
    if (source === undefined) return;
    try {
      for (let piece = await source.read(); piece !== undefined; piece = await source.read()) yield piece;
    } catch (error) {
      this.failure = error;
      throw error;
    } finally {
      source.cancel();
    }
  }

  #tooLarge(): Problem {
    return new Problem(413, { detail: `content is limited to ${String(this.#limitBytes)} octets` });
  }
}

const NOTHING = Buffer.alloc(0);
