import mime from "mime";

/** The media type of a file by its name, with the encoding where it is text. */
export function mediaTypeOf(name: string): string {
  const type = mime.getType(name) ?? "application/octet-stream";
  return /^text\/|^application\/(?:javascript|manifest\+json)$/.test(type) ? `${type};charset=utf-8` : type;
}
