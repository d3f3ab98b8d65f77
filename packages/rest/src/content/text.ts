import { ContentError, type ErrorFacts } from "@fairlead/core";
import { parseMediaType } from "@fairlead/http/negotiation";
import type { TextDecoder as Decoder } from "node:util";

/** What errors tell of where content came from. */
export type ContentFacts = Pick<ErrorFacts, "operation" | "peer">;

/**
 * Decodes text by the charset of its media type, UTF-8 where that says none, and takes a byte order mark of that encoding
 * away. No octet is replaced: text is what was meant, or an error.
 *
 * @throws ContentError CHARSET_UNSUPPORTED, CHARSET_VIOLATED
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined, facts: ContentFacts = {}): string {
  const label = contentType === undefined ? undefined : parseMediaType(contentType)?.parameters.get("charset");
  return decodeAs(label, bytes, facts);
}

/**
 * Decodes text of the encoding that a label stands for.
 *
 * @param label as WHATWG has it: `latin1` is windows-1252. UTF-8 by default.
 * @throws ContentError CHARSET_UNSUPPORTED, CHARSET_VIOLATED
 * @see WHATWG Encoding
 */
export function decodeAs(label: string | undefined, bytes: Uint8Array, facts: ContentFacts): string {
  const decoder = label === undefined ? UTF_8 : decoderOf(label, bytes, facts);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ContentError("CHARSET_VIOLATED", { ...facts, bytes, detail: decoder.encoding });
  }
}

/** Keeps nothing between two texts. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function decoderOf(label: string, bytes: Uint8Array, facts: ContentFacts): Decoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new ContentError("CHARSET_UNSUPPORTED", { ...facts, bytes, detail: label });
  }
}
