import { UsageError } from "@fairlead/core";
import { LEADING_TOKEN, NO_FIELD_VALUE } from "../h1/grammar.ts";
import { LOWER_CASE_TOKEN, type FlatFields } from "./field-rules.ts";

/** What the head of an answer is made of. */
export interface SentResponse {
  /** 200 to 599. */
  readonly status: number;
  /** Names in lower case and values in turn, one character an octet, without those that frame it. */
  readonly fields: FlatFields;
  /** Octets of the content; `stream` where they are not known, unless `content-length` says so. */
  readonly content: number | "stream";
  /** Of the request. */
  readonly method: string;
  /** The value of Date, where `fields` have none. */
  readonly date: string;
}

/** A head as it is encoded, and what it promises. */
export interface ResponseFieldList {
  /** `:status` first. */
  readonly fields: readonly string[];
  /** `none` where no content may follow, whatever there is of it; octets where whoever sends it has to send just that. */
  readonly content: "none" | "stream" | number;
}

/**
 * Makes the fields of an answer's head. What the standard forbids is refused rather than left out; `upgrade`, which says
 * nothing in HTTP/2, is dropped.
 *
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the status, or a Content-Length that is
 * not the content's.
 * @see RFC 9113 section 8.3.2; RFC 9110 sections 6.6.1 and 8.6
 */
export function responseFields({ status, fields, content, method, date }: SentResponse): ResponseFieldList {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw optionInvalid("status");
  const flat = [":status", String(status)];
  let declared: number | undefined;
  let hasDate = false;
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = checkedValue(name, fields[index + 1]);
    if (name === "content-length") {
      if (declared !== undefined || !/^\d{1,15}$/.test(value)) throw framingInvalid(name);
      declared = Number(value);
    } else if (name !== "upgrade") {
      hasDate ||= name === "date";
      flat.push(name, value);
    }
  }
  const isBare = method === "HEAD" || status === 204 || status === 205 || status === 304;
  if (!isBare && content !== "stream" && declared !== undefined && declared !== content) {
    throw optionInvalid("the content's length is not the Content-Length");
  }
  const length = content === "stream" ? declared : content;
  // To HEAD, and with 304, it is what GET would be answered with, where that is known.
  const told =
    status === 204
      ? undefined
      : status === 205
        ? 0
        : isBare
          ? (declared ?? (length === 0 ? undefined : length))
          : length;
  if (told !== undefined) flat.push("content-length", String(told));
  if (!hasDate) flat.push("date", date);
  return { fields: flat, content: isBare ? "none" : (length ?? "stream") };
}

/**
 * Makes the fields of an interim response.
 *
 * @param status 100, or 102 to 199: there is no 101 in HTTP/2 (RFC 9113 section 8.6).
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the status.
 * @see RFC 9113 section 8.1
 */
export function interimFields(status: number, fields: FlatFields): readonly string[] {
  if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) throw optionInvalid("status");
  return bareFields(status, fields);
}

/**
 * Makes the fields of the answer that grants an extended CONNECT.
 *
 * @throws UsageError HEADER_INVALID with the name of the field.
 * @see RFC 8441 section 5
 */
export function grantFields(fields: FlatFields): readonly string[] {
  return bareFields(200, fields);
}

function bareFields(status: number, fields: FlatFields): readonly string[] {
  const flat = [":status", String(status)];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = checkedValue(name, fields[index + 1]);
    if (name === "content-length") throw framingInvalid(name);
    if (name !== "upgrade") flat.push(name, value);
  }
  return flat;
}

/**
 * Checks what follows the content.
 *
 * @throws UsageError HEADER_INVALID with the name of the field.
 * @see RFC 9110 section 6.5.1
 */
export function trailerFields(fields: FlatFields): FlatFields {
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    checkedValue(name, fields[index + 1]);
    if (NO_TRAILERS.has(name)) throw framingInvalid(name);
  }
  return fields;
}

/** Those that would change what was made of the answer already. */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "host",
  "trailer",
]);
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
]);
const OUTER_SPACE = /^[ \t]|[ \t]$/;

function checkedValue(name: string, value: string | undefined): string {
  if (!LOWER_CASE_TOKEN.test(name)) throw nameInvalid(name);
  if (CONNECTION_SPECIFIC.has(name)) throw framingInvalid(name);
  if (typeof value !== "string" || NO_FIELD_VALUE.test(value)) {
    throw new UsageError("HEADER_INVALID", { operation: "respond", detail: `the value of ${name}` });
  }
  // White space at either end is no part of a value. RFC 9113 section 8.2.1.
  return OUTER_SPACE.test(value) ? value.replace(/^[ \t]+|[ \t]+$/g, "") : value;
}

function optionInvalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "respond", detail });
}

/** Tells where the name stops being one, and nothing behind that: some pass a whole line. */
function nameInvalid(name: string): UsageError {
  const token = LEADING_TOKEN.exec(name)?.[0] ?? "";
  const detail = token === "" ? "a name that is none" : `a name that begins with ${token}`;
  const remedy = "names are tokens in lower case";
  return new UsageError("HEADER_INVALID", { operation: "respond", detail, remedy });
}

function framingInvalid(name: string): UsageError {
  const remedy = "leave the field out: the connection sets it by itself";
  return new UsageError("HEADER_INVALID", { operation: "respond", detail: `the field ${name}`, remedy });
}
