import { ContentError } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import { Tagged } from "cborg";
import { type CborValue, isCborArray, isCborMap, readCbor } from "../../../protocol/cbor.ts";
import { type SenmlFormat, senmlLabels, type SenmlRecord, type SenmlValue, senmlValueLabels } from "./senml-record.ts";

/** What a payload is. */
export type SenmlReading =
  | { readonly type: "records"; readonly records: readonly SenmlRecord[] }
  /** None. `at` is the index of the record that does not fit; `undefined` where it is the pack. */
  | { readonly type: "malformed"; readonly flaw: SenmlFlaw; readonly at: number | undefined };

/** Why a payload is no pack. */
export type SenmlFlaw =
  /** No strict JSON or CBOR. */
  | "syntax-invalid"
  /** No array, or one without records. */
  | "records-missing"
  | "too-many-records"
  | "record-invalid"
  /** A field of a wrong type, or a number that is not finite. */
  | "field-invalid"
  /** A label that ends in `_`: it must be understood. RFC 8428 section 4.4. */
  | "field-not-understood"
  | "several-values";

/** What is read at the most. */
export interface SenmlLimits {
  /** 10,000 by default. */
  readonly maxRecords?: number | undefined;
}

/**
 * Reads a pack as it is written; {@link resolveSenml} makes sense of its base fields. Never throws. Fields that are not
 * registered are passed over.
 *
 * @see RFC 8428 sections 5 and 6
 *
 * @example
 * const reading = readSenml(reply.payload, "cbor");
 * if (reading.type === "records") console.log(resolveSenml(reading.records, Date.now() / 1000));
 */
export function readSenml(
  payload: Uint8Array,
  format: SenmlFormat,
  { maxRecords = 10_000 }: SenmlLimits = {},
): SenmlReading {
  const pack = format === "json" ? jsonPack(payload) : cborPack(payload);
  if (typeof pack === "string") return { type: "malformed", flaw: pack, at: undefined };
  if (pack.length > maxRecords) return { type: "malformed", flaw: "too-many-records", at: maxRecords };
  const records: SenmlRecord[] = [];
  for (const [at, fields] of pack.entries()) {
    const record = fields === undefined ? "record-invalid" : readRecord(fields, format);
    if (typeof record === "string") return { type: "malformed", flaw: record, at };
    records.push(record);
  }
  return { type: "records", records };
}

/** By label: text in JSON, and numbers in CBOR. */
type Fields = ReadonlyMap<unknown, unknown>;
/** Records that are none are `undefined`. */
type Pack = readonly (Fields | undefined)[];

function jsonPack(payload: Uint8Array): Pack | SenmlFlaw {
  let value: unknown;
  try {
    value = readJson(utf8.decode(payload), { depthLimit: 16 });
  } catch (error) {
    if (error instanceof ContentError || error instanceof TypeError) return "syntax-invalid";
    throw error;
  }
  if (!Array.isArray(value) || value.length === 0) return "records-missing";
  return value.map((record: unknown) =>
    typeof record === "object" && record !== null && !Array.isArray(record)
      ? new Map<unknown, unknown>(Object.entries(record))
      : undefined,
  );
}

function cborPack(payload: Uint8Array): Pack | SenmlFlaw {
  const value = readCbor(payload, { tags: [decimalFraction], floats: true });
  if (value === undefined) return "syntax-invalid";
  if (!isCborArray(value) || value.length === 0) return "records-missing";
  return value.map((record) => (isCborMap(record) ? record : undefined));
}

function readRecord(fields: Fields, format: SenmlFormat): SenmlRecord | SenmlFlaw {
  const read: Record<string, string | number> = {};
  for (const [key, jsonLabel, cborLabel] of senmlLabels) {
    const written = fields.get(format === "json" ? jsonLabel : cborLabel);
    if (written === undefined) continue;
    const value = isText(key) ? written : finite(written);
    if (typeof value !== (isText(key) ? "string" : "number")) return "field-invalid";
    // Of one of these two types, as was just seen.
    read[key] = value as string | number;
  }
  let value: SenmlValue | undefined;
  for (const [type, jsonLabel, cborLabel] of senmlValueLabels) {
    const written = fields.get(format === "json" ? jsonLabel : cborLabel);
    if (written === undefined) continue;
    if (value !== undefined) return "several-values";
    value = readValue(type, written);
    if (value === undefined) return "field-invalid";
  }
  for (const label of fields.keys())
    if (typeof label === "string" && label.endsWith("_")) return "field-not-understood";
  // The keys and types are those of the table.
  return { ...(read as SenmlRecord), ...(value !== undefined && { value }) };
}

function readValue(type: (typeof senmlValueLabels)[number][0], written: unknown): SenmlValue | undefined {
  switch (type) {
    case "number":
      return finite(written);
    case "string":
      return typeof written === "string" ? written : undefined;
    case "boolean":
      return typeof written === "boolean" ? written : undefined;
    case "bytes":
      return typeof written === "string" ? readBase64Url(written) : bytesOf(written);
  }
}

function bytesOf(written: unknown): Uint8Array | undefined {
  return written instanceof Uint8Array ? written : undefined;
}

/** A number, also one that CBOR writes as a decimal fraction (RFC 8949 section 3.4.4). */
function finite(written: unknown): number | undefined {
  const number = written instanceof Tagged ? readFraction(written.value as CborValue) : Number(numeric(written));
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

function numeric(written: unknown): number | bigint | undefined {
  return typeof written === "number" || typeof written === "bigint" ? written : undefined;
}

function readFraction(value: CborValue): number | undefined {
  if (!isCborArray(value) || value.length !== 2) return undefined;
  const [exponent, mantissa] = value.map(numeric);
  return exponent === undefined || mantissa === undefined ? undefined : Number(`${mantissa}e${exponent}`);
}

/** RFC 4648 section 5, without padding. RFC 8428 section 5. */
function readBase64Url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

function isText(key: (typeof senmlLabels)[number][0]): boolean {
  return key === "baseName" || key === "name" || key === "baseUnit" || key === "unit";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const decimalFraction = 4;
