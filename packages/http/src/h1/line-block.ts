import { beginsHead, breaksEarly, findBlockFault, HEAD_START_BYTES, type BlockKind } from "./block-fault.ts";
import { REQUEST_HEAD_SOURCE, RESPONSE_HEAD_SOURCE, TRAILER_SOURCE } from "./grammar.ts";
import type { Latin1Decoder } from "./latin1.ts";

/** What has become of a block. */
export type BlockResult =
  | { readonly type: "need-data" }
  /** `text` begins with the block, which is `length` long; what follows belongs to something else. */
  | { readonly type: "block"; readonly text: string; readonly length: number }
  | { readonly type: "too-large" }
  | { readonly type: "invalid"; readonly detail: string };

/** Bytes that are decoded at a time: a body may follow, and whoever keeps a field's value keeps that much. */
const WINDOW_BYTES = 2_048;
/** Made once: each is used at once, from its `lastIndex`. */
const GRAMMARS: Readonly<Record<BlockKind, RegExp>> = {
  request: new RegExp(REQUEST_HEAD_SOURCE, "y"),
  response: new RegExp(RESPONSE_HEAD_SOURCE, "y"),
  trailers: new RegExp(TRAILER_SOURCE, "y"),
};
const NEED_DATA: BlockResult = { type: "need-data" };
const TOO_LARGE: BlockResult = { type: "too-large" };

/**
 * Collects a block of lines up to its empty one. One that comes in one piece, as nearly all do, is found and checked by a
 * single expression; only one that does not match is looked at line by line, to say what is wrong with it.
 */
export class LineBlock {
  readonly #kind: BlockKind;
  readonly #limitBytes: number;
  readonly #latin1: Latin1Decoder;
  readonly #grammar: RegExp;
  /** Pieces before the current one. */
  #held: string[] = [];
  #heldBytes = 0;
  /** The last three characters: the end may lie across pieces. */
  #tail: string;

  constructor(kind: BlockKind, limitBytes: number, latin1: Latin1Decoder) {
    this.#kind = kind;
    this.#limitBytes = limitBytes;
    this.#latin1 = latin1;
    this.#grammar = GRAMMARS[kind];
    this.#tail = this.#firstTail;
  }

  /** Whether a byte has come. */
  get hasBegun(): boolean {
    return this.#heldBytes > 0;
  }

  /** Bytes that the last call took. */
  taken = 0;

  read(bytes: Uint8Array, from: number): BlockResult {
    let at = from;
    while (at < bytes.length) {
      const room = this.#limitBytes - this.#heldBytes;
      if (room === 0) return TOO_LARGE;
      const end = Math.min(bytes.length, at + WINDOW_BYTES, at + room);
      const text = this.#latin1(bytes, at, end);
      const result = this.#heldBytes === 0 ? this.#match(text) : undefined;
      if (result !== undefined) {
        this.taken = at - from + result.length;
        return result;
      }
      const isOver = this.#add(text);
      at += isOver?.consumed ?? text.length;
      if (isOver === undefined) continue;
      this.taken = at - from;
      return isOver.result;
    }
    this.taken = at - from;
    return NEED_DATA;
  }

  /** What is wrong with what has come so far; `undefined` when it only broke off. */
  findFault(): string | undefined {
    return findBlockFault(this.#held.join(""), this.#kind);
  }

  /** Bytes of the first line of what has come so far, without its end; all of them when it has none yet. */
  get firstLineBytes(): number {
    const text = this.#held.join("");
    const end = text.indexOf("\r\n");
    return end === -1 ? text.length : end;
  }

  #match(text: string): { readonly type: "block"; readonly text: string; readonly length: number } | undefined {
    this.#grammar.lastIndex = 0;
    return this.#grammar.test(text) ? { type: "block", text, length: this.#grammar.lastIndex } : undefined;
  }

  /** Holds a piece; tells when it ends the block, or makes an end of it. */
  #add(text: string): { readonly consumed: number; readonly result: BlockResult } | undefined {
    const joint = this.#tail + text;
    const end = joint.indexOf("\r\n\r\n");
    const consumed = end === -1 ? text.length : end + 4 - this.#tail.length;
    const before = this.#heldBytes === 0 ? "" : this.#tail.slice(-1);
    this.#held.push(consumed === text.length ? text : text.slice(0, consumed));
    this.#heldBytes += consumed;
    this.#tail = joint.slice(-3);
    if (end === -1) {
      const fault = this.#breaksEarly(text, before) ? this.findFault() : undefined;
      return fault === undefined ? undefined : { consumed, result: { type: "invalid", detail: fault } };
    }
    const whole = this.#held.join("");
    this.#held = [];
    this.#heldBytes = 0;
    this.#tail = this.#firstTail;
    const detail = (): string => findBlockFault(whole, this.#kind) ?? "it breaks the grammar";
    return { consumed, result: this.#match(whole) ?? { type: "invalid", detail: detail() } };
  }

  #breaksEarly(text: string, before: string): boolean {
    if (breaksEarly(text, before)) return true;
    const isStart = this.#kind === "response" && this.#heldBytes - text.length < HEAD_START_BYTES;
    return isStart && !beginsHead(this.#held.join(""));
  }

  /** A trailer section follows a line, and may be an empty one only. */
  get #firstTail(): string {
    return this.#kind === "trailers" ? "\r\n" : "";
  }
}
