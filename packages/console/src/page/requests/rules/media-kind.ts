/** Kinds of bodies, as a person tells them apart. */
export const mediaKinds = ["document", "data", "script", "image", "other"] as const;

/** One kind. */
export type MediaKind = (typeof mediaKinds)[number];

/** The kind of a media type without parameters; what is empty or unknown is `other`. */
export function mediaKind(mediaType: string): MediaKind {
  const type = mediaType.toLowerCase();
  if (isJson(type) || /^(?:text|application)\/(?:csv|yaml|x-ndjson|event-stream|[\w.-]*\+?xml)$/.test(type))
    return type === "application/xhtml+xml" ? "document" : "data";
  if (type.startsWith("image/")) return "image";
  if (/^text\/(?:html|plain|markdown)$|^application\/(?:xhtml\+xml|pdf)$/.test(type)) return "document";
  if (/(?:java|ecma)script$|^text\/css$|^application\/wasm$/.test(type)) return "script";
  return "other";
}

/** Whether it is JSON. RFC 6839 section 3.1. */
export function isJson(mediaType: string): boolean {
  return /^(?:application|text)\/(?:json|[\w.-]+\+json)$/i.test(mediaType);
}

/** The short name of a media type for a narrow column: `json`, `html`, `svg+xml`. */
export function mediaName(mediaType: string): string {
  return mediaType.slice(mediaType.indexOf("/") + 1).replace(/^(?:x-|vnd\.)/, "");
}
