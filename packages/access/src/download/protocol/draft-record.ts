import type { ByteRange, StrongValidator } from "@fairlead/http/range";

/** What is known of a draft, so that another process can go on with it. Holds no URL: its query may be a secret. */
export interface DraftRecord {
  /** SHA-256 of the URL that was asked for. */
  readonly request: string;
  /** SHA-256 of the URL that answered, without its query. */
  readonly source: string;
  readonly validator: StrongValidator;
  /** Bytes of the whole; `undefined` when nobody knows. */
  readonly completeLength: number | undefined;
  /** What is there, where that is more than one piece from the start; `undefined` where the draft's size tells. */
  readonly held: readonly ByteRange[] | undefined;
  /** `Repr-Digest`, as it came. */
  readonly reprDigest: string | undefined;
}

const VERSION = 1;

/** Formats a record as it is kept. */
export function formatDraftRecord(record: DraftRecord): string {
  return `${JSON.stringify({ version: VERSION, ...record })}\n`;
}

/** Reads what was kept; `undefined` for anything else. */
export function parseDraftRecord(text: string): DraftRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== VERSION) return undefined;
  const { request, source, validator, completeLength, held, reprDigest } = value;
  if (!isDigest(request) || !isDigest(source) || !isValidator(validator)) return undefined;
  if (completeLength !== undefined && !isCount(completeLength)) return undefined;
  if (held !== undefined && !(Array.isArray(held) && held.every(isRange))) return undefined;
  if (reprDigest !== undefined && typeof reprDigest !== "string") return undefined;
  return { request, source, validator, completeLength, held, reprDigest };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRange(value: unknown): value is ByteRange {
  return isObject(value) && isCount(value["first"]) && isCount(value["last"]) && value["first"] <= value["last"];
}

function isValidator(value: unknown): value is StrongValidator {
  if (!isObject(value) || typeof value["value"] !== "string") return false;
  return value["type"] === "etag" || value["type"] === "last-modified";
}
