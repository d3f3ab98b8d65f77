import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { ArraySeeker } from "./array-seeker.ts";
import { GatheredOctets } from "./gathered-octets.ts";
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  isBlank,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
} from "./json-octets.ts";

/**
 * Cuts a JSON text that comes in pieces into the items of one of its arrays, and the rest: the same text with that array
 * empty. It looks only for where an item ends. Who reads the items and the rest finds whatever is wrong: what is wrongly
 * nested or quoted is so in the piece that it is in.
 *
 * @see RFC 8259
 */
export class ItemSplitter {
  readonly #limitBytes: number;
  readonly #facts: ContentErrorFacts;
  readonly #seeker: ArraySeeker;
  readonly #rest = new GatheredOctets();
  readonly #item = new GatheredOctets();
  #place: "before" | "within" | "behind" | "nowhere" = "before";
  #isFirst = true;
  #isQuoted = false;
  #isEscaped = false;
  /** Arrays and objects of the item that are open. */
  #depth = 0;

  /**
   * @param path names of members from the root to the array; none for the root.
   * @param limitBytes octets that one item may have, and everything beside the items.
   */
  constructor(path: readonly string[], limitBytes: number, facts: ContentErrorFacts) {
    this.#seeker = new ArraySeeker(path);
    this.#limitBytes = limitBytes;
    this.#facts = facts;
  }

  /** Where the array is: ahead, around what comes next, or passed; `nowhere` once it is known that there is none. */
  get place(): "before" | "within" | "behind" | "nowhere" {
    return this.#place;
  }

  /** Everything beside the items. */
  get rest(): Uint8Array {
    return this.#rest.slice();
  }

  /**
   * Takes in what came, and gives the items that are whole. Each is the caller's until it asks for the next one.
   *
   * @throws ContentError CONTENT_LIMIT
   */
  *read(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    let from = this.#seek(bytes);
    while (this.#place === "within") {
      const end = this.#findEnd(bytes, from);
      const piece = bytes.subarray(from, end);
      this.#requireRoom(this.#item, piece, "an item");
      if (end === bytes.length) {
        this.#item.put(piece);
        return;
      }
      const item = this.#item.take(piece);
      const isLast = bytes[end] !== COMMA;
      if (isLast) this.#place = "behind";
      // What an empty array has within is no item; what is behind a comma is one, or a fault.
      if (!(isLast && this.#isFirst && isBlank(item))) yield item;
      this.#isFirst = false;
      from = isLast ? end : end + 1;
    }
    this.#putBeside(bytes.subarray(from));
  }

  /** @returns how much of it is before the items. */
  #seek(bytes: Uint8Array): number {
    if (this.#place !== "before") return 0;
    let at = 0;
    while (this.#place === "before" && at < bytes.length) {
      const begins = this.#seeker.take(bytes[at] ?? 0);
      at += 1;
      if (begins !== false) this.#place = begins === true ? "within" : "nowhere";
    }
    this.#putBeside(bytes.subarray(0, at));
    return at;
  }

  /** @returns where the item ends, at a comma or where the array does; the length of what came where neither has come. */
  #findEnd(bytes: Uint8Array, from: number): number {
    // Every octet comes by here: what changes with them is in variables meanwhile.
    let [at, depth, isQuoted, isEscaped] = [from, this.#depth, this.#isQuoted, this.#isEscaped];
    for (; at < bytes.length; at += 1) {
      const octet = bytes[at];
      if (isQuoted) {
        if (isEscaped) isEscaped = false;
        else if (octet === BACKSLASH) isEscaped = true;
        else if (octet === QUOTE) isQuoted = false;
      } else if (octet === QUOTE) isQuoted = true;
      else if (octet === OPENING_BRACE || octet === OPENING_BRACKET) depth += 1;
      else if (octet === CLOSING_BRACE || octet === CLOSING_BRACKET) {
        if (depth === 0) break;
        depth -= 1;
      } else if (octet === COMMA && depth === 0) break;
    }
    [this.#depth, this.#isQuoted, this.#isEscaped] = [depth, isQuoted, isEscaped];
    return at;
  }

  #putBeside(piece: Uint8Array): void {
    this.#requireRoom(this.#rest, piece, "what is beside the items");
    this.#rest.put(piece);
  }

  #requireRoom(octets: GatheredOctets, piece: Uint8Array, what: string): void {
    if (octets.length + piece.length <= this.#limitBytes) return;
    const detail = `${what}: more than ${String(this.#limitBytes)} octets`;
    throw new ContentError("CONTENT_LIMIT", { ...this.#facts, detail });
  }
}
