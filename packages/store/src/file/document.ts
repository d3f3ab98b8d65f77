import { assertFound } from "../batch-refused.ts";
import type { Batch, CollectionChanges } from "../change-queue.ts";
import type { StoredRecord } from "../stored-record.ts";

/**
 * The content of a `file:` store, which people read and edit:
 *
 * ```json
 * {
 *   "fairlead": { "version": 1 },
 *   "collections": {
 *     "hsts": { "a.example": { "value": { "includeSubDomains": true }, "expires": "2026-12-01T00:00:00.000Z" } },
 *     "tls-tickets": { "a.example:443": { "base64": "AAEC", "written": "2026-11-21T00:00:00.000Z" } }
 *   }
 * }
 * ```
 *
 * `value` stands for the bytes of that JSON text as `JSON.stringify` writes it, `base64` for any other bytes; `written` may be missing. Records
 * stand in the order of writing, but that JavaScript puts keys that look like array indices first. Members that
 * are not ours are kept.
 */
export interface StoreDocument {
  /** All members of the file but `collections`. */
  readonly members: JsonObject;
  readonly collections: Map<string, Map<string, DocumentRecord>>;
}

/** One record, with the members that a person may have added to it. */
export interface DocumentRecord extends StoredRecord {
  readonly members: JsonObject;
}

/** What became of a text. */
export type ParsedDocument =
  | { readonly type: "document"; readonly document: StoreDocument; readonly dropped: readonly DroppedRecord[] }
  | { readonly type: "newer"; readonly version: number }
  | { readonly type: "damaged"; readonly reason: string };

/** A record that makes no sense. */
export interface DroppedRecord {
  readonly collection: string;
  readonly reason: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Counts incompatible changes to the form of the file. */
const documentVersion = 1;

/** A document without records. */
export function emptyDocument(): StoreDocument {
  return { members: { fairlead: { version: documentVersion } }, collections: new Map() };
}

/** Reads a file's text; an empty one is an empty store. */
export function parseDocument(text: string): ParsedDocument {
  if (text === "") return { type: "document", document: emptyDocument(), dropped: [] };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { type: "damaged", reason: "not JSON" };
  }
  if (!isObject(root) || !isObject(root["fairlead"])) return { type: "damaged", reason: "no member fairlead" };
  const version = root["fairlead"]["version"];
  if (typeof version !== "number") return { type: "damaged", reason: "no member fairlead.version" };
  if (version > documentVersion) return { type: "newer", version };
  const { collections = {}, ...members } = root;
  if (!isObject(collections)) return { type: "damaged", reason: "collections is not an object" };
  const document: StoreDocument = { members, collections: new Map() };
  const dropped: DroppedRecord[] = [];
  for (const [name, records] of Object.entries(collections)) {
    document.collections.set(name, parseRecords(name, records, dropped));
  }
  return { type: "document", document, dropped };
}

function parseRecords(collection: string, records: unknown, dropped: DroppedRecord[]): Map<string, DocumentRecord> {
  const parsed = new Map<string, DocumentRecord>();
  if (!isObject(records)) {
    dropped.push({ collection, reason: "the collection is not an object" });
    return parsed;
  }
  for (const [key, text] of Object.entries(records)) {
    const record = parseRecord(text);
    if (typeof record === "string") dropped.push({ collection, reason: record });
    else parsed.set(key, record);
  }
  return parsed;
}

/** @returns the record, or what is wrong with it. */
function parseRecord(record: unknown): DocumentRecord | string {
  if (!isObject(record)) return "the record is not an object";
  const { value, base64, expires, written, ...members } = record;
  const bytes = base64 === undefined ? jsonBytes(value) : base64Bytes(base64);
  if (bytes === undefined) return "the record has neither value nor valid base64";
  const expiresAt = expires === undefined ? undefined : parseDate(expires);
  if (Number.isNaN(expiresAt)) return "the record's expires is not a date";
  const writtenAt = written === undefined ? 0 : parseDate(written);
  if (Number.isNaN(writtenAt)) return "the record's written is not a date";
  return { value: bytes, expiresAt, writtenAt, members };
}

/** Milliseconds since the epoch, or NaN. */
function parseDate(text: unknown): number {
  return typeof text === "string" ? Date.parse(text) : NaN;
}

/** Writes the text of a document, one record a line. */
export function formatDocument({ members, collections }: StoreDocument): string {
  const lines = Object.entries(members).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const texts = [...collections].map(([name, records]) => {
    const entries = [...records].map(([key, record]) => `      ${JSON.stringify(key)}: ${formatRecord(record)}`);
    return `    ${JSON.stringify(name)}: ${braces(entries, "    ")}`;
  });
  lines.push(`  "collections": ${braces(texts, "  ")}`);
  return `${braces(lines, "")}\n`;
}

function braces(lines: readonly string[], indent: string): string {
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}

function formatRecord({ value, expiresAt, writtenAt, members }: DocumentRecord): string {
  const json = canonicalJson(value);
  const bytes = json === undefined ? { base64: Buffer.from(value).toString("base64") } : { value: json };
  const expires = expiresAt === undefined ? {} : { expires: new Date(expiresAt).toISOString() };
  const written = writtenAt === 0 ? {} : { written: new Date(writtenAt).toISOString() };
  return JSON.stringify({ ...bytes, ...expires, ...written, ...members });
}

/** The JSON value that `jsonBytes` turns into exactly these bytes, or `undefined`. */
function canonicalJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function jsonBytes(value: unknown): Uint8Array | undefined {
  // Undefined, against the types, for a value that is missing.
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function base64Bytes(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  // Buffer skips what it does not understand.
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}

/**
 * Makes the changes of a batch in a document.
 *
 * @throws BatchRefused, and nothing is changed.
 */
export function applyBatch({ collections }: StoreDocument, batch: Batch): void {
  for (const [name, { requires }] of batch) {
    if (requires !== undefined) assertFound(collections.get(name)?.get(requires.name)?.value, requires.value);
  }
  for (const [name, changes] of batch) {
    const records = collections.get(name) ?? new Map<string, DocumentRecord>();
    applyChanges(records, changes);
    if (records.size > 0) collections.set(name, records);
    else collections.delete(name);
  }
}

function applyChanges(
  records: Map<string, DocumentRecord>,
  { clear, purgeAt, records: changed, trimTo }: CollectionChanges,
): void {
  if (clear) records.clear();
  for (const [name, { expiresAt }] of records) {
    if (expiresAt !== undefined && purgeAt !== undefined && expiresAt <= purgeAt) records.delete(name);
  }
  for (const [name, change] of changed) {
    const found = records.get(change.type === "put" ? (change.replaces ?? name) : name);
    switch (change.type) {
      case "put": {
        const { value, expiresAt, writtenAt, replaces } = change;
        if (replaces !== undefined && !records.delete(replaces)) break;
        // Deleted first, so that it comes to stand last.
        records.delete(name);
        records.set(name, { value, expiresAt, writtenAt, members: found?.members ?? {} });
        break;
      }
      case "delete":
        records.delete(name);
        break;
      case "evict":
        if (change.only === undefined || found?.writtenAt === change.only) records.delete(name);
        break;
    }
  }
  for (const name of records.keys()) {
    if (trimTo === undefined || records.size <= trimTo) break;
    records.delete(name);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
