import { ContentError } from "@fairlead/core";
import { parseMediaType } from "@fairlead/http/negotiation";
import type { QueryInput } from "../client/options.ts";
import { unexpectedType } from "./json.ts";
import { decodeAs, type ContentFacts } from "./text.ts";

/** The media type of forms as browsers send them by default. */
export const URL_ENCODED = "application/x-www-form-urlencoded";

/** How much a form may have. */
export interface FormLimits {
  /** Names, repeated ones each; 1,000 by default. */
  readonly fieldLimit?: number;
}

/**
 * Reads a form as browsers write it. Unlike there, octets that are no UTF-8 are an error: no character is replaced.
 *
 * @throws ContentError CONTENT_TYPE_UNEXPECTED, CHARSET_VIOLATED, CONTENT_LIMIT
 * @see WHATWG URL section 5.1
 */
export function readForm(
  bytes: Uint8Array,
  contentType: string | undefined,
  facts: ContentFacts = {},
  { fieldLimit = 1_000 }: FormLimits = {},
): URLSearchParams {
  if (contentType !== undefined && parseMediaType(contentType)?.type !== URL_ENCODED) {
    throw unexpectedType(bytes, contentType, facts);
  }
  const text = decodeAs(undefined, bytes, facts);
  const fields = text.split("&", fieldLimit + 1).length;
  if (fields > fieldLimit) {
    throw new ContentError("CONTENT_LIMIT", { ...facts, bytes, detail: `more than ${String(fieldLimit)} fields` });
  }
  for (const [octets] of text.matchAll(ESCAPED_OCTETS)) {
    if (!isUtf8(octets)) throw new ContentError("CHARSET_VIOLATED", { ...facts, bytes, detail: "utf-8, in a form" });
  }
  // A question mark at the beginning is a part of the first name, which the constructor takes for a URL's.
  return new URLSearchParams(`&${text}`);
}

/** Escapes of what is not ASCII, as many as follow one another. */
const ESCAPED_OCTETS = /(?:%[89a-f][\da-f])+/gi;

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}

/** Content ready to be sent, again and again. */
export interface TextContent {
  readonly contentType: string;
  readonly body: string;
}

/** Writes a form: lists repeat their name, and what is `undefined` or `null` is left out. */
export function formContent(input: URLSearchParams | QueryInput): TextContent {
  const fields = input instanceof URLSearchParams ? input : new URLSearchParams([...formFields(input)]);
  return { contentType: URL_ENCODED, body: fields.toString() };
}

function* formFields(input: QueryInput): Generator<[name: string, value: string]> {
  for (const [name, value] of Object.entries(input)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) yield [name, String(item)];
    }
  }
}
