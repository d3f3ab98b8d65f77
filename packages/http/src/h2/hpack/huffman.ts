import { huffmanCode } from "./huffman-code.ts";

/** The code that never stands in a string but as its padding. */
const END_OF_STRING = 256;
const NEXT_STATE = 0x1ff;
const SYMBOL_SHIFT = 9;
const EMITS = 1 << 17;
const REFUSES = 1 << 18;
/** Characters that one call of `fromCharCode` takes. */
const PIECE_LENGTH = 4096;

/** Decodes four bits at a time: what each state, a node within the tree of codes, does at each nibble. */
interface DecodeTable {
  readonly transitions: Int32Array;
  /** By state: whether a string may end there, in padding of less than eight bits, all ones. */
  readonly mayEnd: Uint8Array;
}

let decodeTable: DecodeTable | undefined;
let encodeTable: ReturnType<typeof huffmanCode> | undefined;
let scratch = new Uint8Array(1024);

/**
 * Decodes a string, one octet to a character.
 *
 * @returns `undefined` for what is not a code: the end of the string within it, or padding that is none.
 * @see RFC 7541 section 5.2
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  const { transitions, mayEnd } = (decodeTable ??= makeDecodeTable());
  // The shortest codes have five bits.
  const most = ((end - start) * 8) / 5 + 1;
  if (scratch.length < most) scratch = new Uint8Array(2 * most);
  let length = 0;
  let state = 0;
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index] ?? 0;
    const high = transitions[(state << 4) | (octet >> 4)] ?? REFUSES;
    if ((high & EMITS) !== 0) {
      scratch[length] = high >> SYMBOL_SHIFT;
      length += 1;
    }
    const low = transitions[((high & NEXT_STATE) << 4) | (octet & 0xf)] ?? REFUSES;
    if ((low & EMITS) !== 0) {
      scratch[length] = low >> SYMBOL_SHIFT;
      length += 1;
    }
    if (((high | low) & REFUSES) !== 0) return undefined;
    state = low & NEXT_STATE;
  }
  return mayEnd[state] === 1 ? textOf(scratch, 0, length) : undefined;
}

/** Octets as a string, each a character of the same number. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let from = start; from < end; from += PIECE_LENGTH) {
    // A typed array is as good as the list that the signature asks for.
    const piece = bytes.subarray(from, Math.min(end, from + PIECE_LENGTH)) as unknown as number[];
    text += String.fromCharCode.apply(null, piece);
  }
  return text;
}

/** How many octets a string takes encoded. Characters are octets. */
export function huffmanLength(text: string): number {
  const { lengths } = (encodeTable ??= huffmanCode());
  let bits = 7;
  for (let index = 0; index < text.length; index += 1) bits += lengths[text.charCodeAt(index)] ?? 0;
  return bits >> 3;
}

/** Encodes a string, whose characters are octets; `target` has room for `huffmanLength` octets from `offset` on. */
export function encodeHuffman(text: string, target: Uint8Array, offset: number): void {
  const { codes, lengths } = (encodeTable ??= huffmanCode());
  let position = offset;
  let held = 0;
  let bits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const octet = text.charCodeAt(index);
    let length = lengths[octet] ?? 0;
    const code = codes[octet] ?? 0;
    // Fewer than eight bits are held, and a code may have thirty: no more than 24 join them at once.
    if (length > 24) {
      length -= 8;
      held = (held << 8) | (code >>> length);
      target[position] = (held >>> bits) & 0xff;
      position += 1;
      held &= (1 << bits) - 1;
    }
    held = (held << length) | (code & ((1 << length) - 1));
    bits += length;
    while (bits >= 8) {
      bits -= 8;
      target[position] = (held >>> bits) & 0xff;
      position += 1;
    }
    held &= (1 << bits) - 1;
  }
  // The rest of the last octet is the beginning of the end of the string: ones.
  if (bits > 0) target[position] = (held << (8 - bits)) | ((1 << (8 - bits)) - 1);
}

/** A node has two children; one below zero is the leaf of a symbol. */
function makeDecodeTable(): DecodeTable {
  const children = makeTree();
  const states = children.length / 2;
  const transitions = new Int32Array(states * 16);
  for (let state = 0; state < states; state += 1) {
    for (let nibble = 0; nibble < 16; nibble += 1) transitions[(state << 4) | nibble] = follow(children, state, nibble);
  }
  const mayEnd = new Uint8Array(states);
  for (let state = 0, depth = 0; depth < 8; depth += 1, state = children[2 * state + 1] ?? 0) mayEnd[state] = 1;
  return { transitions, mayEnd };
}

function makeTree(): readonly number[] {
  const { codes, lengths } = huffmanCode();
  const children: number[] = [0, 0];
  for (let symbol = 0; symbol <= END_OF_STRING; symbol += 1) {
    const code = codes[symbol] ?? 0;
    let node = 0;
    for (let bit = (lengths[symbol] ?? 0) - 1; bit >= 0; bit -= 1) {
      const branch = 2 * node + ((code >>> bit) & 1);
      if (bit === 0) {
        children[branch] = -1 - symbol;
        continue;
      }
      if (children[branch] === 0) {
        children[branch] = children.length / 2;
        children.push(0, 0);
      }
      node = children[branch] ?? 0;
    }
  }
  return children;
}

function follow(children: readonly number[], from: number, nibble: number): number {
  let state = from;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit -= 1) {
    const child = children[2 * state + ((nibble >> bit) & 1)] ?? 0;
    if (child >= 0) {
      state = child;
      continue;
    }
    const symbol = -1 - child;
    if (symbol === END_OF_STRING) return REFUSES;
    // No code has fewer than five bits, so that no nibble ends two.
    emitted = EMITS | (symbol << SYMBOL_SHIFT);
    state = 0;
  }
  return emitted | state;
}
