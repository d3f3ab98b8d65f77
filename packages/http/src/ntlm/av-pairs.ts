import { concat } from "./bytes.ts";

/** One fact about the server or the conversation. MS-NLMP section 2.2.2.1. */
export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

/** Facts that this side reads or adds. */
export const avIds = { flags: 6, timestamp: 7, targetName: 9, channelBindings: 10 } as const;

const END = 0;
const HEAD_BYTES = 4;

/** Pairs that are read at most; Windows knows eleven kinds. */
const MAX_PAIRS = 32;

/** Reads pairs up to the one that ends them; `undefined` when they do not end, or are too many. */
export function parseAvPairs(bytes: Uint8Array): readonly AvPair[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pairs: AvPair[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length && pairs.length <= MAX_PAIRS) {
    const id = view.getUint16(at, true);
    if (id === END) return pairs;
    const end = at + HEAD_BYTES + view.getUint16(at + 2, true);
    if (end > bytes.length) return undefined;
    pairs.push({ id, value: bytes.slice(at + HEAD_BYTES, end) });
    at = end;
  }
  return undefined;
}

/** Writes pairs, and the one that ends them. */
export function formatAvPairs(pairs: readonly AvPair[]): Uint8Array {
  return concat(
    ...[...pairs, { id: END, value: new Uint8Array() }].flatMap(({ id, value }) => [head(id, value), value]),
  );
}

function head(id: number, { length }: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id, true);
  view.setUint16(2, length, true);
  return bytes;
}
