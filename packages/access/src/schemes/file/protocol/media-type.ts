/** Media types of what is fetched from files, by extension; RFC 9110 section 8.3. */
const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  txt: "text/plain",
  wasm: "application/wasm",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xhtml: "application/xhtml+xml",
  xml: "application/xml",
  zip: "application/zip",
};

/** The media type of a file by its name; bytes of any kind where that says nothing. */
export function mediaTypeOf(name: string): string {
  const [, extension] = /[^.]\.([a-z\d]+)$/i.exec(name) ?? [];
  const type =
    extension === undefined ? undefined : Object.entries(TYPES).find(([known]) => known === extension.toLowerCase());
  return type?.[1] ?? "application/octet-stream";
}
