import { isJson } from "../../requests/rules/media-kind.ts";
import { looksLikeText } from "./body-text.ts";
import { rasterImageType } from "./raster-image.ts";

/** The ways in which a body can be looked at. */
export type BodyMode = "json" | "text" | "image" | "hex";

/** The ways that make sense for a body, the best first; each body can be looked at as bytes. */
export function bodyModes(bytes: Uint8Array, mediaType: string): readonly BodyMode[] {
  if (rasterImageType(bytes) !== undefined) return ["image", "hex"];
  if (isJson(mediaType) && bytes.length > 0) return ["json", "text", "hex"];
  return looksLikeText(bytes) ? ["text", "hex"] : ["hex", "text"];
}
