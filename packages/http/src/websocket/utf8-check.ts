import type { WebSocketPlatform } from "./platform.ts";

/** From so many octets on, the platform is asked about the characters that are whole. */
const PLATFORM_FROM = 32;

/**
 * Checks UTF-8 as it comes, however it is cut, and says no at the first octet that no character can have there: overlong
 * forms, surrogates and what is beyond U+10FFFF among them.
 *
 * @see RFC 3629 section 4, RFC 6455 section 8.1
 */
export class Utf8Check {
  readonly #platform: WebSocketPlatform;
  /** Octets that the character still needs. */
  #needed = 0;
  /** What the next of them may be. */
  #lowest = 0x80;
  #highest = 0xbf;

  constructor(platform: WebSocketPlatform) {
    this.#platform = platform;
  }

  /** Whether the text may end here; then the next one may begin. */
  get isWhole(): boolean {
    return this.#needed === 0;
  }

  /** Takes what comes next, from `start` to below `end`; false when no text can begin so. */
  take(octets: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (this.#needed > 0 && at < end) {
      if (!this.#step(octets[at] ?? 0)) return false;
      at += 1;
    }
    if (end - at >= PLATFORM_FROM) {
      const cut = findBrokenCharacter(octets, end);
      if (!this.#platform.isUtf8(octets, at, cut)) return false;
      at = cut;
    }
    for (; at < end; at += 1) if (!this.#step(octets[at] ?? 0)) return false;
    return true;
  }

  #step(octet: number): boolean {
    if (this.#needed === 0) return this.#begin(octet);
    if (octet < this.#lowest || octet > this.#highest) return false;
    this.#needed -= 1;
    this.#lowest = 0x80;
    this.#highest = 0xbf;
    return true;
  }

  #begin(octet: number): boolean {
    if (octet <= 0x7f) return true;
    if (octet < 0xc2 || octet > 0xf4) return false;
    this.#needed = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    if (octet === 0xe0) this.#lowest = 0xa0;
    else if (octet === 0xed) this.#highest = 0x9f;
    else if (octet === 0xf0) this.#lowest = 0x90;
    else if (octet === 0xf4) this.#highest = 0x8f;
    return true;
  }
}

/** Where the last character begins, if it lacks octets before `end`; else `end`. */
function findBrokenCharacter(octets: Uint8Array, end: number): number {
  for (let back = 1; back <= 3; back += 1) {
    const octet = octets[end - back] ?? 0;
    if (octet <= 0x7f) return end;
    if (octet >= 0xc0) return back < (octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4) ? end - back : end;
  }
  return end;
}
