import type { FlatFields } from "../../exchange/body-source.ts";
import { frameFault } from "./frame-fault.ts";
import { FrameLimit } from "./frames.ts";

/** Pairs of a head, at the most. */
export const PAIR_LIMIT = 1_024;

/** A name in lower case, with a colon before it where it is no field but a fact. RFC 9110 section 5.1. */
const NAME = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** What no value may hold. RFC 9110 section 5.5. */
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A head as one text, one character an octet: each name and each value ends with NUL, which none of them may hold.
 *
 * @returns `undefined` where the pairs cannot be sent: a name or value that is none, or more of them than a frame holds.
 */
export function formatPairs(pairs: FlatFields): string | undefined {
  if (pairs.length === 0) return "";
  if (pairs.length > 2 * PAIR_LIMIT || pairs.length % 2 !== 0 || !isWellFormed(pairs)) return undefined;
  const text = `${pairs.join("\0")}\0`;
  return text.length <= FrameLimit.head ? text : undefined;
}

/**
 * Reads a head's text.
 *
 * @throws ProtocolError GATEWAY_FRAME_INVALID
 */
export function parsePairs(text: string): FlatFields {
  if (text === "") return [];
  const parts = text.split("\0", 2 * PAIR_LIMIT + 2);
  // What follows the last NUL.
  if (parts.pop() !== "") throw frameFault("a head that does not end");
  if (parts.length > 2 * PAIR_LIMIT) throw frameFault("a head of too many fields");
  if (parts.length % 2 !== 0) throw frameFault("a name without a value");
  if (!isWellFormed(parts)) throw frameFault("a field that is none");
  return parts;
}

function isWellFormed(parts: FlatFields): boolean {
  return parts.every((part, index) => (index % 2 === 0 ? NAME.test(part) : !NO_VALUE.test(part)));
}

/** The value of a fact; `undefined` where it is not told. */
export function fact(pairs: FlatFields, name: `:${string}`): string | undefined {
  for (let index = 0; index < pairs.length; index += 2) if (pairs[index] === name) return pairs[index + 1];
  return undefined;
}

/** A head without its facts. */
export function fieldsOf(pairs: FlatFields): FlatFields {
  let first = 0;
  while (pairs[first]?.startsWith(":") === true) first += 2;
  const fields = first === 0 ? pairs : pairs.slice(first);
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index]?.startsWith(":") === true) throw frameFault("a fact behind a field");
  }
  return fields;
}
