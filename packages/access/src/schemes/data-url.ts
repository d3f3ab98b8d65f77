import { MIMEType } from "node:util";

/** What a `data:` URL holds. */
export interface DataUrl {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Reads what a `data:` URL holds; `undefined` for one without a comma, or with broken base64.
 *
 * @param url without a fragment.
 * @see Fetch Standard section 6, "data: URL processor"
 */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.indexOf(",");
  if (comma === -1) return undefined;
  const type = url.slice("data:".length, comma).replace(ASCII_WHITESPACE_AROUND, "");
  const body = percentDecode(url.slice(comma + 1));
  const [base64] = /; *base64$/i.exec(type) ?? [];
  if (base64 === undefined) return { contentType: contentTypeOf(type), body };
  const decoded = decodeBase64(body.toString("latin1"));
  return decoded && { contentType: contentTypeOf(type.slice(0, -base64.length)), body: decoded };
}

const ASCII_WHITESPACE_AROUND = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;

function contentTypeOf(type: string): string {
  try {
    return String(new MIMEType(type.startsWith(";") ? `text/plain${type}` : type));
  } catch {
    return "text/plain;charset=US-ASCII";
  }
}

/** URL Standard section 1.3, "percent-decode". */
function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  let length = bytes.indexOf(0x25);
  if (length === -1) return bytes;
  for (let index = length; index < bytes.length; index += 1, length += 1) {
    const byte = bytes[index] ?? 0;
    const high = byte === 0x25 ? hexValue(bytes[index + 1]) : undefined;
    const low = high === undefined ? undefined : hexValue(bytes[index + 2]);
    if (high === undefined || low === undefined) {
      bytes[length] = byte;
    } else {
      bytes[length] = high * 16 + low;
      index += 2;
    }
  }
  return bytes.subarray(0, length);
}

function hexValue(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

/** Infra Standard section 7, "forgiving-base64 decode"; `undefined` for what is none. */
function decodeBase64(text: string): Buffer | undefined {
  const dense = text.replace(/[\t\n\f\r ]+/g, "");
  const digits = dense.length % 4 === 0 ? dense.replace(/={1,2}$/, "") : dense;
  if (digits.length % 4 === 1 || /[^A-Za-z\d+/]/.test(digits)) return undefined;
  return Buffer.from(digits, "base64");
}
