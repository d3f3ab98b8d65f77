import { coapCodeByte, formatCoapCode, kindOfCoapCode } from "../code.ts";
import type { CoapCode } from "../message.ts";
import { type CoapContent, readContent } from "../read-content.ts";
import { contentWriter } from "../write-content.ts";

/** What is encrypted of a message. */
export interface OscorePlaintext extends CoapContent {
  readonly code: CoapCode;
}

/**
 * Writes what is encrypted: a message without type, message ID and token.
 *
 * @see RFC 8613 section 5.3
 */
export function writePlaintext({ code, options, payload }: OscorePlaintext): Uint8Array {
  const content = contentWriter(options, payload);
  const plaintext = new Uint8Array(1 + content.sizeBytes);
  plaintext[0] = coapCodeByte(code);
  content.write(plaintext, 1);
  return plaintext;
}

/** Reads what {@link writePlaintext} writes; `undefined` for what asks nothing and answers nothing. Values are views. */
export function readPlaintext(plaintext: Uint8Array): OscorePlaintext | undefined {
  const code = formatCoapCode(plaintext[0] ?? 0);
  const kind = kindOfCoapCode(code);
  const content = readContent(plaintext, 1);
  if (typeof content === "string" || kind === "empty" || kind === "reserved") return undefined;
  return { code, ...content };
}
