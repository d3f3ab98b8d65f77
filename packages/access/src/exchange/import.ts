import { StoreError, UsageError } from "@fairlead/core";
import { cookieKey, encodeCookie, parseNetscapeCookies } from "@fairlead/http/cookies";
import { encodeHstsEntry, parseCurlHsts } from "@fairlead/http/hsts";
import type { Store } from "@fairlead/store";
import { isCollectionName, openCollection, type CollectionName } from "../memory/collections.ts";
import { readerOf } from "../memory/readers/collection-readers.ts";
import { assertFormat, type ExchangeFormat } from "./format.ts";
import { parseExport, type ExportedRecord } from "./memory-document.ts";

/** Bytes that are read at most; a store of 100,000 records takes some 20 MB. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** How what is imported is written. */
export interface ImportMemoryOptions {
  /** `json` by default. */
  readonly format?: ExchangeFormat | undefined;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}

/** What was imported. */
export interface ImportedMemory {
  /** Records by collection. */
  readonly counts: Partial<Readonly<Record<CollectionName, number>>>;
  /** What was left out, in the order of the file. */
  readonly omitted: readonly OmittedImport[];
}

/** Something that was not imported. */
export interface OmittedImport {
  /** `line 7` or `cookies[3]`. */
  readonly place: string;
  /** A word or two, and nothing of what the file holds. */
  readonly reason: string;
}

/**
 * Imports what `exportMemory` or another program wrote into a store. A record under the same key is replaced; what has
 * expired is left out, and so are cookies of a session, for which a store has no place.
 *
 * Of a file of another program each line that cannot be is left out and reported. An export of our own is all right or is
 * refused: nothing of it is imported then. Either way a file is believed: whoever wrote it chooses what is remembered.
 *
 * @throws StoreError IMPORT_INVALID; UsageError OPTION_INVALID for a format that there is not.
 */
export function importMemory(
  store: Store,
  bytes: Uint8Array,
  { format = "json", now = Date.now }: ImportMemoryOptions = {},
): ImportedMemory {
  assertFormat(format, "import");
  if (!(bytes instanceof Uint8Array)) throw new UsageError("OPTION_INVALID", { operation: "import", detail: "bytes" });
  if (bytes.length > LIMIT_BYTES) throw invalid(store, `it is larger than ${String(LIMIT_BYTES)} bytes`);
  const read = readers[format](store, bytes, now());
  const counts: Partial<Record<CollectionName, number>> = {};
  for (const { collection, record } of read.records) {
    openCollection(store, collection).set(record.key, record.value, record);
    counts[collection] = (counts[collection] ?? 0) + 1;
  }
  return { counts, omitted: read.omitted };
}

interface ReadFile {
  readonly records: readonly { readonly collection: CollectionName; readonly record: ExportedRecord }[];
  readonly omitted: readonly OmittedImport[];
}

const encoder = new TextEncoder();

const readers: Readonly<Record<ExchangeFormat, (store: Store, bytes: Uint8Array, now: number) => ReadFile>> = {
  json: readJson,

  "netscape-cookies": (_store, bytes, now) => {
    const { cookies, problems } = parseNetscapeCookies(bytes, now);
    const lasting = cookies.filter(({ expiryTime }) => expiryTime !== undefined);
    const sessions = cookies.length - lasting.length;
    return {
      records: lasting.map((cookie) => ({
        collection: "cookies",
        record: { key: cookieKey(cookie), value: encoder.encode(encodeCookie(cookie)), expiresAt: cookie.expiryTime },
      })),
      omitted: [
        ...problems.map(omittedLine),
        ...(sessions === 0 ? [] : [{ place: countOf(sessions, "cookie"), reason: "of a session" }]),
      ],
    };
  },

  "curl-hsts": (_store, bytes, now) => {
    const { hosts, problems } = parseCurlHsts(bytes, now);
    return {
      records: hosts.map(({ host, includeSubDomains, expiresAt }) => ({
        collection: "hsts",
        record: { key: host, value: encodeHstsEntry({ includeSubDomains }), expiresAt },
      })),
      omitted: problems.map(omittedLine),
    };
  },
};

function readJson(store: Store, bytes: Uint8Array, now: number): ReadFile {
  const parsed = parseExport(decode(store, bytes));
  if (parsed.type === "invalid") throw invalid(store, parsed.reason);
  const records: { collection: CollectionName; record: ExportedRecord }[] = [];
  const omitted: OmittedImport[] = [];
  for (const [collection, exported] of parsed.records) {
    if (!isCollectionName(collection)) throw invalid(store, "it has a collection that no manager keeps");
    const { isSound } = readerOf(collection);
    for (const [index, record] of exported.entries()) {
      const place = `${collection}[${String(index)}]`;
      if (!isSound(record)) throw invalid(store, `${place} is none that a manager writes`);
      if (record.expiresAt !== undefined && record.expiresAt <= now) omitted.push({ place, reason: "expired" });
      else records.push({ collection, record });
    }
  }
  return { records, omitted };
}

function decode(store: Store, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid(store, "it is not UTF-8");
  }
}

function omittedLine({ line, reason }: { readonly line: number; readonly reason: string }): OmittedImport {
  return { place: `line ${String(line)}`, reason };
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${String(count)} ${what}s`;
}

function invalid({ url }: Store, detail: string): StoreError {
  return new StoreError("IMPORT_INVALID", { peer: url, operation: "import", detail });
}
