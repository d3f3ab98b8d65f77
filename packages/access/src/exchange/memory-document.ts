import type { StoreRecord } from "@fairlead/store";

/** Counts incompatible changes to the form. */
const VERSION = 1;

/** A record as an export has it. */
export interface ExportedRecord extends Omit<StoreRecord, "writtenAt"> {
  /** `undefined` where a file does not say. */
  readonly writtenAt?: number | undefined;
}

/** Records by collection, in the order of writing. */
export type ExportedRecords = ReadonlyMap<string, readonly ExportedRecord[]>;

/** What became of a text: the records, or what is wrong with it, and where; never with what it holds. */
export type ParsedExport =
  | { readonly type: "records"; readonly records: ExportedRecords }
  | { readonly type: "invalid"; readonly reason: string };

/**
 * Writes an export:
 *
 * ```json
 * {
 *   "fairlead": { "export": 1 },
 *   "collections": {
 *     "hsts": [
 *       { "key": "a.example", "text": "{\"includeSubDomains\":true}", "expires": "2027-11-21T00:00:00.000Z",
 *         "written": "2026-11-21T00:00:00.000Z" }
 *     ],
 *     "tls-tickets": [{ "key": "…", "base64": "AAEC" }]
 *   }
 * }
 * ```
 *
 * `text` stands for its bytes in UTF-8, `base64` for bytes that are none. A record without `expires` does not expire;
 * `written` says when it was learned, where that is known.
 */
export function formatExport(records: ExportedRecords): string {
  const collections = Array.from(records, ([name, exported]) => {
    const lines = exported.map((record) => `      ${formatRecord(record)}`);
    return `    ${JSON.stringify(name)}: ${lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n    ]`}`;
  });
  const all = collections.length === 0 ? "{}" : `{\n${collections.join(",\n")}\n  }`;
  return `{\n  "fairlead": { "export": ${String(VERSION)} },\n  "collections": ${all}\n}\n`;
}

function formatRecord({ key, value, expiresAt, writtenAt = 0 }: ExportedRecord): string {
  const text = textOf(value);
  const bytes = text === undefined ? { base64: Buffer.from(value).toString("base64") } : { text };
  return JSON.stringify({
    key,
    ...bytes,
    expires: expiresAt === undefined ? undefined : isoOf(expiresAt),
    written: writtenAt === 0 ? undefined : isoOf(writtenAt),
  });
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What a Date can hold at the most: an age of HSTS may lead beyond that. */
const LAST_MOMENT = 8.64e15;

function isoOf(moment: number): string {
  return new Date(Math.min(moment, LAST_MOMENT)).toISOString();
}

/** Reads an export. Whatever is wrong anywhere makes all of it invalid: nobody knows what else is. */
export function parseExport(text: string): ParsedExport {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return invalid("it is not JSON");
  }
  const head = isObject(root) ? root["fairlead"] : undefined;
  const version = isObject(head) ? head["export"] : undefined;
  if (!isObject(root) || typeof version !== "number") return invalid("it has no member fairlead.export");
  if (version !== VERSION)
    return invalid(`it has version ${version.toString()} of the form, known is ${VERSION.toString()}`);
  const collections = root["collections"];
  if (!isObject(collections)) return invalid("collections is no object");
  const records = new Map<string, readonly ExportedRecord[]>();
  for (const [name, listed] of Object.entries(collections)) {
    const place = `collections${placeIn(name)}`;
    if (!Array.isArray(listed)) return invalid(`${place} is no array`);
    const parsed: ExportedRecord[] = [];
    for (const [index, item] of listed.entries()) {
      const record = parseRecord(item);
      if (typeof record === "string") return invalid(`${place}[${String(index)}] ${record}`);
      parsed.push(record);
    }
    records.set(name, parsed);
  }
  return { type: "records", records };
}

/** What is in the file is not repeated, as it may be anything, unless it can be a collection's name. */
function placeIn(name: string): string {
  return /^[a-z][a-z0-9-]{0,40}$/.test(name) ? `.${name}` : "[…]";
}

function invalid(reason: string): ParsedExport {
  return { type: "invalid", reason };
}

/** @returns the record, or what is wrong with it. */
function parseRecord(item: unknown): ExportedRecord | string {
  if (!isObject(item)) return "is no object";
  const { key, text, base64, expires, written } = item;
  if (typeof key !== "string" || !key.isWellFormed()) return "has no key";
  const value = text === undefined ? bytesOfBase64(base64) : bytesOfText(text);
  if (value === undefined) return "has neither text nor base64";
  const [expiresAt, writtenAt] = [momentOf(expires), momentOf(written)];
  if (Number.isNaN(expiresAt)) return "has an expires that is no date";
  if (Number.isNaN(writtenAt)) return "has a written that is no date";
  return { key, value, expiresAt, writtenAt };
}

/** `undefined` where there is none, `NaN` where it is no date. */
function momentOf(date: unknown): number | undefined {
  if (date === undefined) return undefined;
  return typeof date === "string" ? Date.parse(date) : NaN;
}

function bytesOfText(text: unknown): Uint8Array | undefined {
  return typeof text === "string" && text.isWellFormed() ? new TextEncoder().encode(text) : undefined;
}

function bytesOfBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  // Buffer skips what it does not understand.
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
