import { ChunkSizeLine } from "./chunk-size-line.ts";
import type { Latin1Decoder } from "./latin1.ts";
import type { Http1Limits } from "./limits.ts";
import { type BlockResult, LineBlock } from "./line-block.ts";

/** How far the content of a message has come. */
export type BodyStep =
  | "need-data"
  /** `piece` has come. */
  | "piece"
  /** All of it has come; `trailers` is what came behind. */
  | "end"
  /** The trailer section, not the content, is larger than its limit. */
  | "too-large"
  | { readonly detail: string };

type State = "end" | "data" | "chunk-size" | "chunk-data" | "chunk-end" | "chunk-line-feed" | "trailers" | "over";

/**
 * Reads the content of one message after another, each framed by its length, by chunks, or by the end of the connection.
 * Says the same whether it is fed whole or byte by byte, but for where one piece ends and the next begins.
 *
 * @see RFC 9112 sections 6 and 7
 */
export class BodyReader {
  readonly #limits: Pick<Http1Limits, "trailerBytes" | "chunkExtensionBytes">;
  readonly #latin1: Latin1Decoder;
  #chunkLine: ChunkSizeLine | undefined;
  #trailerBlock: LineBlock | undefined;
  #state: State = "over";
  /** Bytes of the content, or of the chunk, that are still to come. */
  #remaining = 0;

  /** Bytes that the last call took. */
  taken = 0;
  /** A part of what was fed, not a copy. */
  piece: Uint8Array = NO_BYTES;
  /** Field lines up to their empty one, which ends at `length`; `undefined` where there are none. */
  trailers: { readonly text: string; readonly length: number } | undefined;

  constructor(limits: Pick<Http1Limits, "trailerBytes" | "chunkExtensionBytes">, latin1: Latin1Decoder) {
    this.#limits = limits;
    this.#latin1 = latin1;
  }

  /** Content of so many bytes begins; `Infinity` where the connection ends it. */
  beginLength(bytes: number): void {
    this.trailers = undefined;
    this.#remaining = bytes;
    this.#state = bytes === 0 ? "end" : "data";
  }

  /** Content in chunks begins. */
  beginChunked(): void {
    this.trailers = undefined;
    this.#chunkLine?.reset();
    this.#state = "chunk-size";
  }

  /** Whether all of it has come, and the end has yet to be told. */
  get isAtEnd(): boolean {
    return this.#state === "end";
  }

  /** Bytes that are sure to come; those of the chunk under way where it is chunked. */
  get remaining(): number {
    return this.#remaining;
  }

  /** Whether how much is to come is not known. */
  get isChunked(): boolean {
    return this.#state !== "data" && this.#state !== "end" && this.#state !== "over";
  }

  /** Reads up to the next thing to tell. The end may be told without a byte. */
  read(bytes: Uint8Array, from: number): BodyStep {
    let at = from;
    this.taken = 0;
    for (;;) {
      if (this.#state === "end") {
        this.#state = "over";
        return "end";
      }
      if (at === bytes.length || this.#state === "over") return "need-data";
      switch (this.#state) {
        case "data":
        case "chunk-data": {
          const length = Math.min(bytes.length - at, this.#remaining);
          this.#remaining -= length;
          if (this.#remaining === 0) this.#state = this.#state === "data" ? "end" : "chunk-end";
          this.piece = length === bytes.length ? bytes : bytes.subarray(at, at + length);
          this.taken = at + length - from;
          return "piece";
        }
        case "chunk-size": {
          const line = (this.#chunkLine ??= new ChunkSizeLine(this.#limits.chunkExtensionBytes));
          const result = line.read(bytes, at);
          if (typeof result === "object") return result;
          at += line.taken;
          if (result === "need-data") break;
          this.#remaining = line.size;
          this.#state = line.size === 0 ? "trailers" : "chunk-data";
          line.next();
          break;
        }
        case "chunk-end":
          if (bytes[at] !== CR) return { detail: "a chunk that is longer than its size" };
          at += 1;
          this.#state = "chunk-line-feed";
          break;
        case "chunk-line-feed":
          if (bytes[at] !== LF) return { detail: "a carriage return without a line feed" };
          at += 1;
          this.#state = "chunk-size";
          break;
        case "trailers": {
          if (this.#trailerBlock?.hasBegun !== true && bytes[at] === CR && bytes[at + 1] === LF) {
            at += 2;
            this.#state = "end";
            break;
          }
          const block = (this.#trailerBlock ??= new LineBlock("trailers", this.#limits.trailerBytes, this.#latin1));
          const fault = this.#takeTrailers(block.read(bytes, at));
          if (fault !== undefined) return fault;
          at += block.taken;
          break;
        }
      }
      this.taken = at - from;
    }
  }

  #takeTrailers(result: BlockResult): BodyStep | undefined {
    switch (result.type) {
      case "need-data":
        return undefined;
      case "block":
        this.trailers = result;
        this.#state = "end";
        return undefined;
      case "too-large":
        return "too-large";
      case "invalid":
        return result;
    }
  }
}

const CR = 0x0d;
const LF = 0x0a;
const NO_BYTES = new Uint8Array();
