/** From so many octets on, words are worth their view. */
const WORDS_FROM = 40;

/** Whether the first octet of a word is its lowest. */
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Masks octets where they are, or unmasks them: it is the same.
 *
 * @param start where to begin in `octets`.
 * @param end where to stop.
 * @param key four octets.
 * @param phase how many octets of the payload came before `start`.
 * @see RFC 6455 section 5.3
 */
export function applyMask(octets: Uint8Array, start: number, end: number, key: Uint8Array, phase: number): void {
  let at = start;
  let turn = phase & 3;
  if (end - start >= WORDS_FROM) {
    for (; ((octets.byteOffset + at) & 3) !== 0; at += 1) {
      octets[at] = (octets[at] ?? 0) ^ (key[turn] ?? 0);
      turn = (turn + 1) & 3;
    }
    const words = new Int32Array(octets.buffer, octets.byteOffset + at, (end - at) >>> 2);
    const word = keyWord(key, turn);
    for (let index = 0; index < words.length; index += 1) words[index] = (words[index] ?? 0) ^ word;
    at += words.length << 2;
  }
  for (; at < end; at += 1) {
    octets[at] = (octets[at] ?? 0) ^ (key[turn] ?? 0);
    turn = (turn + 1) & 3;
  }
}

/** Copies octets from `start` to below `end` to the beginning of `target`, masked or unmasked. */
export function copyMasked(source: Uint8Array, start: number, end: number, target: Uint8Array, key: Uint8Array): void {
  const length = end - start;
  if (length >= WORDS_FROM) {
    target.set(source.subarray(start, end));
    applyMask(target, 0, length, key, 0);
    return;
  }
  for (let index = 0; index < length; index += 1) {
    target[index] = (source[start + index] ?? 0) ^ (key[index & 3] ?? 0);
  }
}

/** The key as it lies over four octets that begin at that turn. */
function keyWord(key: Uint8Array, turn: number): number {
  let word = 0;
  for (let index = 0; index < 4; index += 1) {
    const octet = key[(turn + index) & 3] ?? 0;
    word |= octet << (8 * (IS_LITTLE_ENDIAN ? index : 3 - index));
  }
  return word;
}
