import { Http2Fault } from "./fault.ts";
import { ErrorCode, Flag } from "./frames.ts";
import { HpackDecoder, type DecodedFields } from "./hpack/decoder.ts";
import { Octets } from "./octets.ts";

/** CONTINUATION frames of one block. */
const CONTINUATIONS_LIMIT = 100;

/** A field block that is whole. */
export interface FieldBlock extends DecodedFields {
  readonly stream: number;
  /** Whether nothing follows on the stream. */
  readonly isLast: boolean;
}

/** Puts field blocks together from HEADERS and CONTINUATION, and decodes them. RFC 9113 section 4.3. */
export class FieldBlocks {
  readonly #decoder = new HpackDecoder();
  readonly #limit: number;
  readonly #block = new Octets();
  #stream = 0;
  #isLast = false;
  #continuations = 0;

  /** @param limit octets of the decoded fields of a block; those of the block itself are limited to twice as many. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a block was begun, and has to be gone on with. */
  get isOpen(): boolean {
    return this.#stream !== 0;
  }

  /**
   * Begins a block; returns it when it is whole already.
   *
   * @throws Http2Fault, HpackError
   */
  begin(flags: number, stream: number, payload: Uint8Array): FieldBlock | undefined {
    this.#isLast = (flags & Flag.endStream) !== 0;
    const fragment = withoutPadding(flags, payload);
    if ((flags & Flag.endHeaders) !== 0) return this.#decode(stream, fragment);
    this.#stream = stream;
    this.#continuations = 0;
    this.#block.put(fragment);
    return undefined;
  }

  /**
   * Goes on with it.
   *
   * @throws Http2Fault, HpackError
   */
  proceed(flags: number, stream: number, payload: Uint8Array): FieldBlock | undefined {
    if (!this.isOpen || stream !== this.#stream) {
      throw new Http2Fault(ErrorCode.protocolError, "a continuation of nothing");
    }
    this.#continuations += 1;
    if (this.#continuations > CONTINUATIONS_LIMIT) {
      throw new Http2Fault(ErrorCode.enhanceYourCalm, "a field block in too many pieces", "continuation");
    }
    if (this.#block.length + payload.length > 2 * this.#limit) {
      throw new Http2Fault(ErrorCode.enhanceYourCalm, "a field block without end", "header size");
    }
    this.#block.put(payload);
    if ((flags & Flag.endHeaders) === 0) return undefined;
    const block = this.#block.view();
    this.#stream = 0;
    this.#block.rewind();
    return this.#decode(stream, block);
  }

  #decode(stream: number, block: Uint8Array): FieldBlock {
    const { fields, isOverLimit } = this.#decoder.decode(block, this.#limit);
    return { fields, isOverLimit, stream, isLast: this.#isLast };
  }
}

/** RFC 9113 section 6.2. */
function withoutPadding(flags: number, payload: Uint8Array): Uint8Array {
  let start = 0;
  let padding = 0;
  if ((flags & Flag.padded) !== 0) {
    padding = payload[0] ?? 0;
    start = 1;
  }
  if ((flags & Flag.priority) !== 0) start += 5;
  if (start + padding > payload.length) throw new Http2Fault(ErrorCode.protocolError, "padding larger than its frame");
  return payload.subarray(start, payload.length - padding);
}
