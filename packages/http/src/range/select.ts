import { joinRanges, type ByteRange } from "./byte-range.ts";

/** Ranges of one request that are looked at; a request for more gets the whole. */
const RANGES_LIMIT = 100;
/** Parts of one answer; a request for more gets the whole. */
const PARTS_LIMIT = 16;
/** About what a part costs beside its bytes. RFC 9110 section 15.3.7.2. */
const PART_OVERHEAD_BYTES = 80;

/** What a `Range` field selects of a representation. */
export type RangeSelection =
  /** All of it, as without the field. */
  | { readonly type: "whole" }
  /** One or more parts, apart from each other, in the order in which they were asked for. */
  | { readonly type: "parts"; readonly ranges: readonly [ByteRange, ...ByteRange[]] }
  /** Nothing that is there: 416. */
  | { readonly type: "unsatisfiable" };

/**
 * Selects what a server sends for a `Range` field. Ranges that overlap, touch or nearly do are joined. A field that is
 * broken, in another unit, or costs more than it saves (many ranges, more than two that overlap, parts that are together
 * as long as the whole) counts as none: it is an attack as often as a mistake.
 *
 * @param length of the whole, in bytes.
 * @see RFC 9110 sections 14.1.2, 14.2 and 17.15
 */
export function selectRanges(value: string | undefined, length: number): RangeSelection {
  const specified = parseSpecifiers(value);
  if (specified === undefined) return whole;
  const ranges = specified.map((range) => satisfied(range, length)).filter((range) => range !== undefined);
  if (ranges.length === 0) return length === 0 && specified.some(isSuffix) ? whole : { type: "unsatisfiable" };
  if (overlaps(ranges) > 2) return whole;
  const parts = joinRanges(ranges.map(({ first, last }) => ({ first, last: last + PART_OVERHEAD_BYTES })))
    .map(({ first, last }) => ({ first, last: last - PART_OVERHEAD_BYTES }))
    .map((part) => ({ part, place: ranges.findIndex((range) => part.first <= range.first && range.last <= part.last) }))
    .sort((left, right) => left.place - right.place)
    .map(({ part }) => part);
  const [only, ...others] = parts;
  const bytes = parts.reduce((sum, { first, last }) => sum + last - first + 1 + PART_OVERHEAD_BYTES, 0);
  if (only === undefined || others.length >= PARTS_LIMIT || (others.length > 0 && bytes >= length)) return whole;
  return { type: "parts", ranges: [only, ...others] };
}

/** `Content-Range` of a part. RFC 9110 section 14.4. */
export function formatContentRange({ first, last }: ByteRange, completeLength: number): string {
  return `bytes ${first}-${last}/${completeLength}`;
}

/** `Content-Range` of a 416. RFC 9110 section 15.5.17. */
export function formatUnsatisfiedRange(completeLength: number): string {
  return `bytes */${completeLength}`;
}

const whole = { type: "whole" } as const;

/** As it is written: without `first` the last so many bytes, without `last` all that follow. */
interface Specifier {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

function parseSpecifiers(value: string | undefined): readonly Specifier[] | undefined {
  const [, set] = /^bytes=(.*)$/i.exec(value ?? "") ?? [];
  const members = set?.split(",", RANGES_LIMIT + 1).map((member) => member.trim());
  const written = members?.filter((member) => member !== "");
  if (written === undefined || written.length === 0 || written.length > RANGES_LIMIT) return undefined;
  const specifiers: Specifier[] = [];
  for (const member of written) {
    const [, first = "", last = ""] = /^(\d*)-(\d*)$/.exec(member) ?? [];
    if (first === "" && last === "") return undefined;
    if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
    specifiers.push({ first: first === "" ? undefined : Number(first), last: last === "" ? undefined : Number(last) });
  }
  return specifiers;
}

function isSuffix({ first, last }: Specifier): boolean {
  return first === undefined && last !== 0;
}

function satisfied({ first, last }: Specifier, length: number): ByteRange | undefined {
  if (first === undefined) {
    const suffix = Math.min(last ?? 0, length);
    return suffix === 0 ? undefined : { first: length - suffix, last: length - 1 };
  }
  return first >= length ? undefined : { first, last: Math.min(last ?? length - 1, length - 1) };
}

/** How many ranges begin within another that came before them in the representation. */
function overlaps(ranges: readonly ByteRange[]): number {
  let [count, end] = [0, -1];
  for (const { first, last } of [...ranges].sort((left, right) => left.first - right.first)) {
    if (first <= end) count += 1;
    end = Math.max(end, last);
  }
  return count;
}
