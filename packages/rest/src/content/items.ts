import { ContentError, type ContentIssue } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import { ItemSplitter } from "./protocol/item-splitter.ts";
import { isBlank } from "./protocol/json-octets.ts";
import { RecordSplitter } from "./protocol/record-splitter.ts";
import { decodeAs, type ContentFacts } from "./text.ts";

/** How much one item may have. */
export interface ItemLimits {
  /** Octets; 1 MiB by default. */
  readonly itemLimitBytes?: number;
}

/** Where the items are. */
export interface ArrayItemsOptions extends ItemLimits {
  /** Names from the root to the array, joined by dots; the root itself by default. */
  readonly path?: string;
}

const ITEM_LIMIT_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const RECORD_SEPARATOR = 0x1e;

/**
 * Reads the items of a JSON array while it comes, and holds one of them at a time. What is beside the array has the same
 * limit as one item, and is checked when all has come.
 *
 * @throws ContentError JSON_INVALID, also where the array is cut; JSON_TOO_DEEP, JSON_MEMBER_DUPLICATED, CHARSET_VIOLATED;
 *   CONTENT_LIMIT; CONTRACT_BROKEN where no array is at the path.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  { path = "", itemLimitBytes = ITEM_LIMIT_BYTES }: ArrayItemsOptions = {},
  facts: ContentFacts = {},
): AsyncGenerator<unknown, void, undefined> {
  const names = path === "" ? [] : path.split(".");
  const splitter = new ItemSplitter(names, itemLimitBytes, facts);
  const read = itemReader(facts);
  for await (const chunk of chunks) for (const item of splitter.read(chunk)) yield read(item);
  readJson(decodeAs(undefined, splitter.rest, facts), {}, { ...facts, bytes: splitter.rest });
  if (splitter.place !== "behind") throw noArray(names, facts);
}

/**
 * Reads JSON that is a text on each line, while it comes. Empty lines are passed over; the last line need not end.
 *
 * @throws ContentError JSON_INVALID, JSON_TOO_DEEP, JSON_MEMBER_DUPLICATED, CHARSET_VIOLATED, CONTENT_LIMIT
 */
export async function* ndjsonItems(
  chunks: AsyncIterable<Uint8Array>,
  { itemLimitBytes = ITEM_LIMIT_BYTES }: ItemLimits = {},
  facts: ContentFacts = {},
): AsyncGenerator<unknown, void, undefined> {
  const read = itemReader(facts);
  for await (const line of records(chunks, LINE_FEED, itemLimitBytes, facts)) yield read(line);
}

/**
 * Reads `application/json-seq`: JSON texts that each begin with a record separator and end with a line feed, without which
 * a number may have been cut.
 *
 * @throws ContentError as {@link ndjsonItems}
 * @see RFC 7464
 */
export async function* jsonSequenceItems(
  chunks: AsyncIterable<Uint8Array>,
  { itemLimitBytes = ITEM_LIMIT_BYTES }: ItemLimits = {},
  facts: ContentFacts = {},
): AsyncGenerator<unknown, void, undefined> {
  const read = itemReader(facts);
  for await (const record of records(chunks, RECORD_SEPARATOR, itemLimitBytes, facts)) {
    if (record.at(-1) !== LINE_FEED) throw new ContentError("JSON_INVALID", { ...facts, bytes: record, detail: "cut" });
    yield read(record);
  }
}

/** Those that are not blank. */
async function* records(
  chunks: AsyncIterable<Uint8Array>,
  separator: number,
  limitBytes: number,
  facts: ContentFacts,
): AsyncGenerator<Uint8Array, void, undefined> {
  const splitter = new RecordSplitter(separator, limitBytes, facts);
  for await (const chunk of chunks) for (const record of splitter.read(chunk)) if (!isBlank(record)) yield record;
  const last = splitter.end();
  if (!isBlank(last)) yield last;
}

/** Reads one item after the other; errors say which it was. */
function itemReader({ peer, operation = "read" }: ContentFacts): (bytes: Uint8Array) => unknown {
  let number = 0;
  return (bytes) => {
    number += 1;
    const facts = { peer, operation: `${operation} item ${String(number)}`, bytes };
    return readJson(decodeAs(undefined, bytes, facts), {}, facts);
  };
}

function noArray(path: readonly string[], facts: ContentFacts): ContentError {
  const issue: ContentIssue = { message: "there is no array here", path };
  return new ContentError("CONTRACT_BROKEN", { ...facts, issues: [issue], detail: issue.message });
}
