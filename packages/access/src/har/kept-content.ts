import { codingsOf } from "../coding-list.ts";
import type { KeptBody } from "../observe/hop-messages.ts";

/** Codings that one body may be wrapped in. */
const CODINGS_LIMIT = 5;

/** What a body is without its content codings. */
export interface KeptContent {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** `base64` for what is no text in UTF-8. */
  readonly encoding: "base64" | undefined;
}

/**
 * Undoes the content codings of a body that was kept, and writes it as text.
 *
 * @param limitBytes of what is decoded; `undefined` is returned for more, and for what does not match its coding.
 */
export function readContent(body: KeptBody, contentEncoding: string, limitBytes: number): KeptContent | undefined {
  if (!body.isWhole) return undefined;
  const codings = codingsOf(contentEncoding)
    .map((coding) => coding.toLowerCase())
    .filter((coding) => coding !== "identity");
  if (codings.length > CODINGS_LIMIT) return undefined;
  try {
    const bytes = codings.reduceRight((coded, coding) => decode(coded, coding, limitBytes), body.read());
    return { bytes, ...writeText(bytes) };
  } catch {
    return undefined;
  }
}

/** @throws Error for an unknown coding, for what does not match it, and for too much. */
function decode(coded: Uint8Array, coding: string, maxOutputLength: number): Uint8Array {
  // A body without any bytes has not been coded, whatever its field says.
  if (coded.length === 0) return coded;
  const zlib = process.getBuiltinModule("node:zlib");
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return zlib.gunzipSync(coded, { maxOutputLength });
    case "br":
      return zlib.brotliDecompressSync(coded, { maxOutputLength });
    case "zstd":
      return zlib.zstdDecompressSync(coded, { maxOutputLength });
    case "deflate":
      return ((coded[0] ?? 0) & 0x0f) === 8
        ? zlib.inflateSync(coded, { maxOutputLength })
        : zlib.inflateRawSync(coded, { maxOutputLength });
    default:
      throw new Error(`the coding ${coding} is unknown`);
  }
}

function writeText(bytes: Uint8Array): Omit<KeptContent, "bytes"> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encoding: undefined };
  } catch {
    return { text: Buffer.from(bytes).toString("base64"), encoding: "base64" };
  }
}
