import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { parsePartHead, type PartHead } from "./part-head.ts";

/** How much a form may have. */
export interface MultipartLimits {
  /** 1,000 by default. */
  readonly partLimit?: number;
  /** Octets of a part's head; 16 KiB by default. */
  readonly headLimitBytes?: number;
  /** Octets of a part that is no file; 1 MiB by default. */
  readonly fieldLimitBytes?: number;
  /** Octets of everything together; 64 MiB by default. */
  readonly totalLimitBytes?: number;
}

/** What is told of a form, in order. */
export type MultipartEvent =
  | { readonly type: "part"; readonly head: PartHead }
  /** A piece of the part's content, the reader's until it asks for more. */
  | { readonly type: "data"; readonly bytes: Uint8Array }
  | { readonly type: "end of part" };

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const HYPHEN = 0x2d;
const NOTHING = new Uint8Array(0);
/** Octets of space behind a boundary, which gateways of mail have put there. */
const PADDING_LIMIT = 256;
/** `CR LF CR LF`, which ends a head. */
const HEAD_END = 4;

/**
 * Reads `multipart/form-data`: octets go in as they come, whole or in any pieces, and what they say comes out. It keeps the
 * head of one part, or less than a delimiter.
 *
 * @see RFC 7578, RFC 2046 section 5.1
 */
export class MultipartParser {
  readonly #delimiter: Uint8Array;
  readonly #limits: Required<MultipartLimits>;
  readonly #facts: ContentErrorFacts;
  #place: "preamble" | "delimiter" | "head" | "content" | "epilogue" = "preamble";
  /** What may be the beginning of a delimiter, or of the end of a line. The first delimiter needs no line before it. */
  #begun: Uint8Array = Uint8Array.of(CARRIAGE_RETURN, LINE_FEED);
  #head: number[] = [];
  /** Octets of a head's end that have come. */
  #headEnd = 0;
  #isFile = false;
  #parts = 0;
  #contentBytes = 0;
  #totalBytes = 0;

  /** @param boundary as the media type has it, up to 70 characters. */
  constructor(boundary: string, limits: MultipartLimits, facts: ContentErrorFacts) {
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
    this.#facts = facts;
    this.#limits = {
      partLimit: limits.partLimit ?? 1_000,
      headLimitBytes: limits.headLimitBytes ?? 16_384,
      fieldLimitBytes: limits.fieldLimitBytes ?? 1_048_576,
      totalLimitBytes: limits.totalLimitBytes ?? 67_108_864,
    };
  }

  /**
   * Takes in what came.
   *
   * @throws ContentError MULTIPART_INVALID, CONTENT_LIMIT
   */
  *read(bytes: Uint8Array): Generator<MultipartEvent, void, undefined> {
    this.#totalBytes += bytes.length;
    this.#require(this.#totalBytes, this.#limits.totalLimitBytes, "octets in all");
    let rest = bytes;
    while (rest.length > 0) {
      switch (this.#place) {
        case "preamble":
        case "content":
          rest = yield* this.#readContent(rest);
          break;
        case "delimiter":
          rest = this.#readDelimiterEnd(rest);
          break;
        case "head":
          rest = yield* this.#readHead(rest);
          break;
        case "epilogue":
          return;
      }
    }
  }

  /** Says that nothing more comes. @throws ContentError MULTIPART_INVALID where the last delimiter is missing. */
  end(): void {
    if (this.#place !== "epilogue") throw this.#invalid("it was cut");
  }

  /** Up to a delimiter; what may be the beginning of one is kept. */
  *#readContent(bytes: Uint8Array): Generator<MultipartEvent, Uint8Array, undefined> {
    const all = joined(this.#begun, bytes);
    const at = this.#findDelimiter(all);
    const isWhole = all.length - at >= this.#delimiter.length;
    this.#begun = isWhole ? NOTHING : all.slice(at);
    if (this.#place === "content") {
      this.#contentBytes += at;
      if (!this.#isFile) this.#require(this.#contentBytes, this.#limits.fieldLimitBytes, "octets of a field");
      if (at > 0) yield { type: "data", bytes: all.subarray(0, at) };
      if (isWhole) yield { type: "end of part" };
    }
    if (isWhole) this.#place = "delimiter";
    return isWhole ? all.subarray(at + this.#delimiter.length) : NOTHING;
  }

  /** @returns where it begins, or as much of it as has come; the length where nothing has. */
  #findDelimiter(bytes: Uint8Array): number {
    let at = bytes.indexOf(CARRIAGE_RETURN);
    while (at !== -1 && !this.#isDelimiterAt(bytes, at)) at = bytes.indexOf(CARRIAGE_RETURN, at + 1);
    return at === -1 ? bytes.length : at;
  }

  #isDelimiterAt(bytes: Uint8Array, from: number): boolean {
    const length = Math.min(this.#delimiter.length, bytes.length - from);
    for (let at = 0; at < length; at += 1) if (bytes[from + at] !== this.#delimiter[at]) return false;
    return true;
  }

  /** Behind a delimiter: two hyphens, or the end of the line, with space before it at the most. */
  #readDelimiterEnd(bytes: Uint8Array): Uint8Array {
    const all = joined(this.#begun, bytes);
    this.#begun = NOTHING;
    if (all[0] === HYPHEN) {
      if (all.length > 1 && all[1] !== HYPHEN) throw this.#invalid("something behind a boundary");
      if (all.length > 1) this.#place = "epilogue";
      else this.#begun = all.slice();
      return NOTHING;
    }
    const at = all.findIndex((octet) => octet !== 0x20 && octet !== 0x09);
    this.#require(at === -1 ? all.length : at, PADDING_LIMIT, "octets of space");
    if (at === -1 || at === all.length - 1) {
      if (at !== -1 && all[at] !== CARRIAGE_RETURN) throw this.#invalid("something behind a boundary");
      this.#begun = all.slice();
      return NOTHING;
    }
    if (all[at] !== CARRIAGE_RETURN || all[at + 1] !== LINE_FEED) throw this.#invalid("something behind a boundary");
    this.#parts += 1;
    this.#require(this.#parts, this.#limits.partLimit, "parts");
    this.#place = "head";
    this.#head = [];
    // A head may be empty: the end of the line before it is half of its end.
    this.#headEnd = HEAD_END / 2;
    return all.subarray(at + 2);
  }

  *#readHead(bytes: Uint8Array): Generator<MultipartEvent, Uint8Array, undefined> {
    let at = 0;
    for (; at < bytes.length && this.#headEnd < HEAD_END; at += 1) {
      const octet = bytes[at] ?? 0;
      const isDue = octet === (this.#headEnd % 2 === 0 ? CARRIAGE_RETURN : LINE_FEED);
      this.#headEnd = isDue ? this.#headEnd + 1 : octet === CARRIAGE_RETURN ? 1 : 0;
      this.#head.push(octet);
      this.#require(this.#head.length, this.#limits.headLimitBytes, "octets of a part's head");
    }
    if (this.#headEnd === HEAD_END) {
      const head = parsePartHead(this.#headText());
      if (typeof head === "string") throw this.#invalid(head);
      this.#isFile = head.fileName !== undefined;
      this.#contentBytes = 0;
      this.#place = "content";
      yield { type: "part", head };
    }
    return bytes.subarray(at);
  }

  #headText(): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(this.#head.slice(0, -2)));
    } catch {
      throw this.#invalid("a part's head that is no UTF-8");
    }
  }

  #require(amount: number, limit: number, what: string): void {
    if (amount <= limit) return;
    throw new ContentError("CONTENT_LIMIT", { ...this.#facts, detail: `more than ${String(limit)} ${what}` });
  }

  #invalid(detail: string): ContentError {
    return new ContentError("MULTIPART_INVALID", { ...this.#facts, detail });
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
