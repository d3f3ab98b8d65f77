import { ContentError } from "@fairlead/core";
import { readJson, type JsonOptions } from "@fairlead/http/json";
import { isJsonType, parseMediaType } from "@fairlead/http/negotiation";
import { decodeAs, type ContentFacts } from "./text.ts";

/**
 * Reads content as JSON, strictly. It is UTF-8, whatever a charset parameter says; a byte order mark is passed over.
 *
 * Services say of their JSON that it is something else, so that an array or an object is taken under any media type. But a
 * page for people is no value: what is neither, and is not called JSON, is refused for its media type.
 *
 * @throws ContentError JSON_INVALID, JSON_TOO_DEEP, JSON_MEMBER_DUPLICATED, CHARSET_VIOLATED, CONTENT_TYPE_UNEXPECTED; each
 *   has the bytes.
 * @see RFC 8259 sections 8.1 and 11
 */
export function readJsonContent(
  bytes: Uint8Array,
  contentType: string | undefined,
  options: JsonOptions = {},
  facts: ContentFacts = {},
): unknown {
  if (!isCalledJson(contentType) && !beginsAsStructure(bytes)) throw unexpectedType(bytes, contentType, facts);
  return readJson(decodeAs(undefined, bytes, facts), options, { ...facts, bytes });
}

/** The error for content of another media type than the one asked for. */
export function unexpectedType(
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
  facts: ContentFacts,
): ContentError {
  return new ContentError("CONTENT_TYPE_UNEXPECTED", { ...facts, bytes, detail: contentType });
}

/** As it is written nearly always: there is nothing to parse then. */
const JSON_TYPE = "application/json";

function isCalledJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === JSON_TYPE) return true;
  return isJsonType(parseMediaType(contentType)?.type ?? "");
}

const BRACKET = 0x5b;
const BRACE = 0x7b;
/** Space, and the octets of a byte order mark. */
const BEFORE_VALUES: readonly number[] = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];

function beginsAsStructure(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !BEFORE_VALUES.includes(byte));
  return first === BRACKET || first === BRACE;
}
