import type { Input } from "./input.ts";

/** An item without its parameters, RFC 9651 section 3.3. A token, a date and a display string are told apart from text. */
export type BareItem =
  | { readonly type: "integer" | "decimal" | "date"; readonly value: number }
  | { readonly type: "string" | "token" | "display-string"; readonly value: string }
  | { readonly type: "byte-sequence"; readonly value: Uint8Array }
  | { readonly type: "boolean"; readonly value: boolean };

/** `undefined` for what is none. RFC 9651 section 4.2.3.1. */
export function parseBareItem(input: Input): BareItem | undefined {
  const decimal = input.take(/-?\d{1,12}\.\d{1,3}(?![\d.])/y);
  if (decimal !== undefined) return { type: "decimal", value: Number(decimal) };
  const integer = input.take(/-?\d{1,15}(?![\d.])/y);
  if (integer !== undefined) return { type: "integer", value: Number(integer) };
  const date = input.take(/@-?\d{1,15}(?![\d.])/y);
  if (date !== undefined) return { type: "date", value: Number(date.slice(1)) };
  const text = input.take(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
  if (text !== undefined) return { type: "string", value: text.slice(1, -1).replace(/\\(.)/g, "$1") };
  const token = input.take(/[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y);
  if (token !== undefined) return { type: "token", value: token };
  const encoded = input.take(/:[A-Za-z0-9+/]*={0,2}:/y);
  if (encoded !== undefined) return byteSequence(encoded.slice(1, -1));
  const flag = input.take(/\?[01]/y);
  if (flag !== undefined) return { type: "boolean", value: flag === "?1" };
  const displayed = input.take(/%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y);
  return displayed === undefined ? undefined : displayString(displayed.slice(2, -1));
}

function byteSequence(base64: string): BareItem | undefined {
  const bytes = decodeBase64(base64);
  return bytes && { type: "byte-sequence", value: bytes };
}

function displayString(encoded: string): BareItem | undefined {
  try {
    return { type: "display-string", value: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** Decodes base64, padded or not; `undefined` for a length that no bytes have. RFC 9651 section 4.2.7 wants no more. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
