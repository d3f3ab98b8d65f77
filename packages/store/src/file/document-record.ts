import type { StoredRecord } from "../stored-record.ts";
import { isNestedDeeper } from "./exact-json.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value that nests deeper is written as bytes, so that the file as a whole stays within what is read. */
const valueLevels = 100;

/** One record of the file, with the members that a person may have added to it. Its bytes and its text are made when asked for. */
export class DocumentRecord implements StoredRecord {
  readonly expiresAt: number | undefined;
  readonly writtenAt: number;
  /** What is not ours. */
  readonly members: JsonObject;
  readonly #content: Content;
  #value: Uint8Array | undefined;
  #text: string | undefined;

  private constructor(content: Content, times: Pick<StoredRecord, "expiresAt" | "writtenAt">, members: JsonObject) {
    this.#content = content;
    this.expiresAt = times.expiresAt;
    this.writtenAt = times.writtenAt;
    this.members = members;
  }

  /** A record to write. */
  static of(stored: StoredRecord, members: JsonObject): DocumentRecord {
    return new DocumentRecord({ type: "bytes", bytes: stored.value }, stored, members);
  }

  /** Reads a record. @returns the record, or what is wrong with it. */
  static parse(record: unknown): DocumentRecord | string {
    if (!isObject(record)) return "the record is not an object";
    const { value, base64, expires, written, ...members } = record;
    const content = parseContent(value, base64);
    if (content === undefined) return "the record has neither value nor valid base64";
    const expiresAt = expires === undefined ? undefined : parseDate(expires);
    if (Number.isNaN(expiresAt)) return "the record's expires is not a date";
    const writtenAt = written === undefined ? 0 : parseDate(written);
    if (Number.isNaN(writtenAt)) return "the record's written is not a date";
    return new DocumentRecord(content, { expiresAt, writtenAt }, members);
  }

  get value(): Uint8Array {
    return (this.#value ??=
      this.#content.type === "bytes"
        ? this.#content.bytes
        : new TextEncoder().encode(JSON.stringify(this.#content.value)));
  }

  /** As it stands in the file: two records are the same if their texts are. */
  get text(): string {
    return (this.#text ??= JSON.stringify({
      ...formatContent(this.#content),
      ...(this.expiresAt !== undefined && { expires: new Date(this.expiresAt).toISOString() }),
      ...(this.writtenAt !== 0 && { written: new Date(this.writtenAt).toISOString() }),
      ...this.members,
    }));
  }
}

/** What a record holds: a JSON value that stands for the bytes of its text, or bytes. */
type Content =
  | { readonly type: "json"; readonly value: unknown }
  | { readonly type: "bytes"; readonly bytes: Uint8Array };

function parseContent(value: unknown, base64: unknown): Content | undefined {
  if (base64 === undefined) return value === undefined ? undefined : { type: "json", value };
  const bytes = parseBase64(base64);
  return bytes && { type: "bytes", bytes };
}

function formatContent(content: Content): JsonObject {
  if (content.type === "json") return { value: content.value };
  const json = canonicalJson(content.bytes);
  return json === undefined ? { base64: Buffer.from(content.bytes).toString("base64") } : { value: json };
}

/** The JSON value whose text is exactly these bytes, or `undefined`. */
function canonicalJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (isNestedDeeper(text, valueLevels)) return undefined;
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  // Buffer skips what it does not understand.
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}

/** Milliseconds since the epoch, or NaN. */
function parseDate(text: unknown): number {
  return typeof text === "string" ? Date.parse(text) : NaN;
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
