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

/** Whether the response has no end that is waited for. */
export function isStreamed(reading: Reading | undefined): boolean {
  return reading === "stream" || reading === "events" || reading === "items";
}

const EXPECTED: Readonly<Record<Reading, RegExp | undefined>> = {
  json: /^(?:application|text)\/(?:[^;,\s]+\+)?json$/,
  text: undefined,
  bytes: undefined,
  xml: /^(?:application\/(?:[^;,\s]+\+)?|text\/|image\/[^;,\s]+\+)xml$/,
  form: /^application\/x-www-form-urlencoded$/,
  stream: undefined,
  events: /^text\/event-stream$/,
  items: /^(?:application|text)\/(?:(?:[^;,\s]+\+)?json|(?:x-)?(?:ndjson|jsonl|jsonlines|json-stream))$/,
};

/** What servers call files of which they know nothing. */
const UNKNOWN = /^(?:text\/plain|application\/octet-stream)$/;

/**
 * Whether content of a media type is what is to be read. What has no type, or the type of what is not known, is taken to be,
 * but not for a stream of events, which anything could be taken for.
 *
 * @see RFC 9110 section 8.3
 */
export function isExpected(reading: Reading, contentType: string | undefined): boolean {
  const expected = EXPECTED[reading];
  if (expected === undefined || contentType === "application/json") return expected?.test("application/json") ?? true;
  const mediaType = mediaTypeOf(contentType);
  if (expected.test(mediaType)) return true;
  return reading !== "events" && (mediaType === "" || UNKNOWN.test(mediaType));
}

/** Whether the items of such content stand each on a line of its own. */
export function isLinewise(contentType: string | undefined): boolean {
  return /^[^/]+\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-stream)$/.test(mediaTypeOf(contentType));
}

/** In lower case, without parameters; empty for none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return "";
  const semicolon = contentType.indexOf(";");
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
