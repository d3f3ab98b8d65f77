import { parseMediaType } from "@fairlead/http/negotiation";
import { contentFormats, nameContentFormat } from "../content-format.ts";

/**
 * The media type that stands for a content format: one that this package does not know goes by its number.
 *
 * @see RFC 8075 section 6.2
 */
export function mediaTypeOfContentFormat(number: number): string {
  return nameContentFormat(number) ?? `${anyPayload};cf=${number}`;
}

/**
 * The content format that stands for a media type; `undefined` where there is none. Text in UTF-8 need not say so; any
 * other charset is none.
 *
 * @param mediaType with its parameters, as in `Content-Type`
 * @see RFC 8075 sections 6.1 and 6.2
 */
export function contentFormatOfMediaType(mediaType: string): number | undefined {
  const parsed = parseMediaType(mediaType);
  if (parsed === undefined) return undefined;
  const { type, parameters } = parsed;
  if (type === anyPayload) {
    const number = /^\d{1,5}$/.test(parameters.get("cf") ?? "") ? Number(parameters.get("cf")) : undefined;
    return number !== undefined && number <= 65_535 ? number : undefined;
  }
  const charset = parameters.get("charset")?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "us-ascii") return undefined;
  return byType.get(type);
}

const anyPayload = "application/coap-payload";
const byType = new Map<string, number>(
  Object.entries(contentFormats).map(([name, number]) => [name.replace(";charset=utf-8", ""), number]),
);
