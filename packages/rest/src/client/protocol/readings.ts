/** In which form a response is read, which is what it is asked for in. */
export type Reading = "json" | "text" | "bytes" | "xml" | "form" | "stream" | "events" | "items";

/** What `Accept` says where nobody else does. */
export const ACCEPTED: Readonly<Record<Reading, string>> = {
  json: "application/json",
  text: "*/*",
  bytes: "*/*",
  xml: "application/xml, text/xml;q=0.9",
  form: "application/x-www-form-urlencoded",
  stream: "*/*",
  events: "text/event-stream",
  items: "application/x-ndjson, application/json;q=0.9",
};

/** Whether content is read for as long as it comes, which may be for ever. */
export function isStreamed(reading: Reading | undefined): boolean {
  return reading === "stream" || reading === "events" || reading === "items";
}

/** How the items of some content stand one behind the other; `undefined` where its media type has none. */
export function itemsForm(contentType: string | undefined): "array" | "lines" | "sequence" | undefined {
  const mediaType = mediaTypeOf(contentType);
  if (/^[^/]+\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-stream)$/.test(mediaType)) return "lines";
  if (/^application\/(?:\S+\+)?json-seq$/.test(mediaType)) return "sequence";
  // What has no type, or that of a file of which nothing is known, is looked into.
  return /^(?:|text\/plain|application\/octet-stream|(?:application|text)\/(?:\S+\+)?json)$/.test(mediaType)
    ? "array"
    : undefined;
}

/** Whether content is a page for people, which is neither XML nor JSON, whatever it looks like. */
export function isPage(contentType: string | undefined): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)$/.test(mediaTypeOf(contentType));
}

/** In lower case, without parameters; empty for none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return "";
  const semicolon = contentType.indexOf(";");
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
