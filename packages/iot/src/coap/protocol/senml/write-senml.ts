import { UsageError } from "@fairlead/core";
import { encode } from "cborg";
import { type SenmlFormat, senmlLabels, type SenmlRecord, type SenmlValue, senmlValueLabels } from "./senml-record.ts";

/**
 * Writes a pack as it is, without looking for what records have in common.
 *
 * @throws UsageError OPTION_INVALID for a pack without records, or a number that is not finite.
 *
 * @see RFC 8428 sections 5 and 6
 *
 * @example
 * coapAnswer("Content", writeSenml([{ name: "urn:dev:ow:1", unit: "Cel", value: 21.5 }], "cbor"), { contentFormat: 112 });
 */
export function writeSenml(records: readonly SenmlRecord[], format: SenmlFormat): Uint8Array {
  if (records.length === 0) throw invalid("give at least one record");
  const isJson = format === "json";
  const maps = records.map((record) => {
    const fields = new Map<string | number, SenmlValue>();
    const set = (json: string, cbor: number, value: SenmlValue): void => {
      if (typeof value === "number" && !Number.isFinite(value)) throw invalid(`give a finite number as ${json}`);
      fields.set(isJson ? json : cbor, isJson && value instanceof Uint8Array ? base64Url(value) : value);
    };
    for (const [key, json, cbor] of senmlLabels) {
      const value = record[key];
      if (value !== undefined) set(json, cbor, value);
    }
    const { value } = record;
    for (const [type, json, cbor] of senmlValueLabels) {
      if (value !== undefined && type === typeOf(value)) set(json, cbor, value);
    }
    return fields;
  });
  return isJson ? new TextEncoder().encode(JSON.stringify(maps.map((map) => Object.fromEntries(map)))) : encode(maps);
}

function typeOf(value: SenmlValue): (typeof senmlValueLabels)[number][0] {
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "bytes";
}

function base64Url(bytes: Uint8Array): string {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(latin1).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function invalid(remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "writeSenml", detail: "records", remedy });
}
