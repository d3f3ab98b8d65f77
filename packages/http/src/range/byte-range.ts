/** Bytes of a representation, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** What `Content-Range` says of a part. RFC 9110 section 14.4. */
export interface ContentRange extends ByteRange {
  /** Bytes of the whole; `undefined` when the server does not know. */
  readonly completeLength: number | undefined;
}

/**
 * Parses `Content-Range` of one part in bytes; `undefined` for anything else, also for numbers that contradict each other.
 *
 * @see RFC 9110 section 14.4
 */
export function parseContentRange(value: string | undefined): ContentRange | undefined {
  const [, first, last, length] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(value ?? "") ?? [];
  if (first === undefined || last === undefined) return undefined;
  const range = {
    first: Number(first),
    last: Number(last),
    completeLength: length === "*" ? undefined : Number(length),
  };
  const { completeLength = Number.POSITIVE_INFINITY } = range;
  return range.first <= range.last && range.last < completeLength ? range : undefined;
}

/** What is asked by a `Range` field of a representation of a known length. */
export type RangeRequest =
  | { readonly type: "whole" }
  | { readonly type: "part"; readonly range: ByteRange }
  | { readonly type: "unsatisfiable" };

/**
 * Reads a `Range` field. Several ranges, another unit or a broken field count as a request for the whole, as a server may
 * take them.
 *
 * @see RFC 9110 section 14.2
 */
export function parseRange(value: string | undefined, length: number): RangeRequest {
  const [, first, last] = /^bytes=[\t ]*(\d{0,15})-(\d{0,15})[\t ]*$/i.exec(value ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return { type: "whole" };
  if (first === "") {
    const suffix = Math.min(Number(last), length);
    if (suffix === 0) return { type: "unsatisfiable" };
    return { type: "part", range: { first: length - suffix, last: length - 1 } };
  }
  if (last !== "" && Number(last) < Number(first)) return { type: "whole" };
  if (Number(first) >= length) return { type: "unsatisfiable" };
  const end = last === "" ? length - 1 : Math.min(Number(last), length - 1);
  return { type: "part", range: { first: Number(first), last: end } };
}

/** Joins ranges that overlap or touch; in order. */
export function joinRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: ByteRange[] = [];
  for (const range of [...ranges].sort((left, right) => left.first - right.first)) {
    const previous = joined.at(-1);
    if (previous === undefined || range.first > previous.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: previous.first, last: Math.max(previous.last, range.last) };
  }
  return joined;
}

/** Whether the ranges that are there hold all of one that is asked for. */
export function coversRange(held: readonly ByteRange[], wanted: ByteRange): boolean {
  return joinRanges(held).some(({ first, last }) => first <= wanted.first && wanted.last <= last);
}

/**
 * What is still missing of a representation; in order.
 *
 * @param held as {@link joinRanges} gives them.
 */
export function missingRanges(held: readonly ByteRange[], completeLength: number): readonly ByteRange[] {
  const missing: ByteRange[] = [];
  let next = 0;
  for (const { first, last } of held) {
    if (first > next) missing.push({ first: next, last: Math.min(first, completeLength) - 1 });
    next = last + 1;
  }
  if (next < completeLength) missing.push({ first: next, last: completeLength - 1 });
  return missing;
}
