import { UsageError } from "@fairlead/core";
import { type ContentFormatName, contentFormats } from "./content-format.ts";

/** A content format by its registered number, or by the media type of one that this package knows. */
export type CoapContentFormat = ContentFormatName | number;

/**
 * Number of a content format.
 *
 * @throws UsageError OPTION_INVALID for a name that is not known, or a number that is none.
 */
export function contentFormatNumber(format: CoapContentFormat): number {
  const number = typeof format === "number" ? format : Object.hasOwn(contentFormats, format) && contentFormats[format];
  if (number !== false && Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  const remedy = "give a number from 0 to 65535, or a media type of contentFormats";
  throw new UsageError("OPTION_INVALID", { detail: "content format", remedy });
}
