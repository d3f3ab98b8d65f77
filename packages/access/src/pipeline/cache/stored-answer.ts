import { currentAge, fieldValue, type FieldLines } from "@fairlead/http/cache";
import { coversRange, parseRange, type ByteRange } from "@fairlead/http/range";
import type { CachedHead, CacheEntry } from "../../cache/cache-storage.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What is handed over of a stored response. */
export interface StoredAnswer {
  readonly status: number;
  readonly message: string;
  readonly fields: FieldLines;
  /** Whole seconds, as the `Age` field says. */
  readonly ageSeconds: number;
  /** Bytes of the representation; `undefined` for none. */
  readonly range: ByteRange | undefined;
}

/**
 * Makes of a stored response what a request asks for: the whole, a part, or that nothing has changed.
 *
 * @see RFC 9111 section 4; RFC 9110 sections 14.2, 15.3.7 and 15.5.17
 */
export function storedAnswer(entry: CachedHead, facts: RequestFacts, isUnchanged: boolean, now: number): StoredAnswer {
  const ageSeconds = Math.floor(currentAge(entry, now));
  const fields: FieldLines = [...entry.fields.filter(([name]) => name !== "age"), ["age", String(ageSeconds)]];
  const { completeLength: length = 0 } = entry;
  if (isUnchanged) {
    return {
      status: 304,
      message: "Not Modified",
      fields: fields.filter(([name]) => !isOfContent(name)),
      ageSeconds,
      range: undefined,
    };
  }
  const asked = askedRange(entry, facts);
  const hasBody = facts.method !== "HEAD";
  switch (asked.type) {
    case "whole": {
      const range = hasBody && length > 0 ? { first: 0, last: length - 1 } : undefined;
      return { status: entry.status, message: entry.message, fields, ageSeconds, range };
    }
    case "unsatisfiable":
      return {
        status: 416,
        message: "Range Not Satisfiable",
        fields: [
          ...fields.filter(([name]) => !isOfContent(name)),
          ["content-range", `bytes */${String(length)}`],
          ["content-length", "0"],
        ],
        ageSeconds,
        range: undefined,
      };
    case "part": {
      const { first, last } = asked.range;
      const total = entry.completeLength === undefined ? "*" : String(entry.completeLength);
      return {
        status: 206,
        message: "Partial Content",
        fields: [
          ...fields.filter(([name]) => name !== "content-range" && name !== "content-length"),
          ["content-range", `bytes ${String(first)}-${String(last)}/${total}`],
          ["content-length", String(last - first + 1)],
        ],
        ageSeconds,
        range: hasBody ? asked.range : undefined,
      };
    }
  }
}

/** Whether all the bytes that a request asks for are kept: a part is never taken for the whole. */
export function holdsAsked(entry: CacheEntry, facts: RequestFacts): boolean {
  if (entry.status !== 206) return true;
  if (facts.method !== "GET" || entry.completeLength === undefined) return false;
  const asked = askedRange(entry, facts);
  return asked.type === "part" && coversRange(entry.parts, asked.range);
}

function askedRange(entry: CachedHead, facts: RequestFacts): ReturnType<typeof parseRange> {
  const isPartial = entry.status === 200 || entry.status === 206;
  if (facts.range === undefined || facts.method !== "GET" || !isPartial || !rangeApplies(entry, facts.fields)) {
    return { type: "whole" };
  }
  return parseRange(facts.range, entry.completeLength ?? 0);
}

/** Whether `If-Range` lets the range be, by a strong validator. RFC 9110 section 13.1.5. */
function rangeApplies({ fields }: CachedHead, request: FieldLines): boolean {
  const condition = fieldValue(request, "if-range");
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === fieldValue(fields, "etag");
  return condition === fieldValue(fields, "last-modified");
}

function isOfContent(name: string): boolean {
  return (
    name === "content-length" || name === "content-encoding" || name === "content-type" || name === "content-range"
  );
}
