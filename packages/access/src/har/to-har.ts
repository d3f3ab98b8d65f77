import { codedCauseOf } from "../fetch/fetch-error.ts";
import type { Hop, Transaction } from "../transaction.ts";
import type { Har, HarCreator, HarEntry, HarRequest, HarResponse, HarTimings } from "./har.ts";
import { readContent, type KeptContent } from "./kept-content.ts";
import { showerOf, type Shower } from "./shower.ts";

/** How an archive is written. */
export interface HarOptions {
  readonly creator: HarCreator;
  readonly comment?: string;
  /** Whether bodies are written that were kept; true by default. */
  readonly bodies?: boolean;
  readonly dangerous?: {
    /** Leaves credentials, cookies and tokens as they were sent: whoever gets the file can be you. */
    readonly secrets?: boolean;
  };
}

/** Of a body that is decoded; a larger one is left out. */
const DECODED_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Writes transactions as an HTTP Archive: an entry for each hop. Fields and bodies are there where a recording kept them;
 * everything else of every transaction. Secrets are taken out by the rules of `@fairlead/http/redaction`; bodies, where
 * they were kept, hold what they hold.
 */
export function toHar(transactions: Iterable<Transaction>, options: HarOptions): Har {
  const { creator, comment, bodies = true, dangerous } = options;
  const shower = showerOf(dangerous?.secrets === true);
  const hops = [...transactions].flatMap((transaction) => transaction.hops);
  hops.sort((one, other) => one.startedAt - other.startedAt);
  const entries = hops.map((hop) => entryOf(hop, shower, bodies));
  return { log: { version: "1.2", creator, pages: [], entries, ...(comment !== undefined && { comment }) } };
}

function entryOf(hop: Hop, shower: Shower, bodies: boolean): HarEntry {
  const timings = timingsOf(hop);
  const { blocked, dns, connect, send, wait, receive } = timings;
  const { connection, reason, repeats, retries, authentication, earlyData } = hop;
  return {
    startedDateTime: new Date(hop.startedAt).toISOString(),
    time: [blocked, dns, connect, send, wait, receive].reduce((sum, phase) => sum + Math.max(0, phase), 0),
    request: requestOf(hop, shower, bodies),
    response: responseOf(hop, shower, bodies),
    cache: {},
    timings,
    ...(connection?.remoteAddress !== undefined && { serverIPAddress: connection.remoteAddress }),
    ...(connection !== undefined && { connection: String(connection.id) }),
    _reason: reason,
    _cache: hop.cache,
    _route: orUndefined(hop.route),
    _repeats: orUndefined(repeats),
    _retries: orUndefined(retries),
    _authentication: orUndefined(authentication),
    _earlyData: earlyData === "none" ? undefined : earlyData,
    _tls: hop.tls,
  };
}

function orUndefined<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}

function requestOf(hop: Hop, shower: Shower, bodies: boolean): HarRequest {
  const { method, messages } = hop;
  const url = shower.url(hop.url);
  const head = messages?.requestHead;
  const fields = sentFields(head, messages?.askedFields ?? []);
  const body = bodies ? messages?.requestBody : undefined;
  const kept = body === undefined || body.bytes === 0 ? undefined : readContent(body, "", DECODED_LIMIT_BYTES);
  return {
    method,
    url,
    httpVersion: versionOf(hop),
    cookies: shower.cookies(valuesOf(fields, "cookie")),
    headers: shower.fields(fields),
    // A request for `*` is of no URL.
    queryString: [...(URL.parse(url)?.searchParams ?? [])].map(([name, value]) => ({ name, value })),
    postData: kept && {
      mimeType: valuesOf(fields, "content-type")[0] ?? "",
      params: [],
      text: kept.text,
      _encoding: kept.encoding,
    },
    headersSize: typeof head === "string" ? head.length : -1,
    bodySize: hop.sentBodyBytes,
  };
}

function responseOf(hop: Hop, shower: Shower, bodies: boolean): HarResponse {
  const { messages, error, status } = hop;
  const fields = Object.entries(messages?.responseFields ?? {}).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => [name, value] as const),
  );
  const body = bodies ? messages?.responseBody : undefined;
  const coding = valuesOf(fields, "content-encoding").join(",");
  const kept = body === undefined || status === undefined ? undefined : readContent(body, coding, DECODED_LIMIT_BYTES);
  // Of what was confirmed the head came, and the body from the cache.
  const bodySize = status === undefined ? -1 : hop.bodyBytes;
  return {
    status: status ?? 0,
    statusText: messages?.statusText ?? "",
    httpVersion: versionOf(hop),
    cookies: shower.setCookies(valuesOf(fields, "set-cookie"), hop.startedAt),
    headers: shower.fields(fields),
    content: {
      size: sizeOf(hop, coding, valuesOf(fields, "content-length")[0], kept),
      compression: kept === undefined || coding === "" ? undefined : kept.bytes.length - bodySize,
      mimeType: valuesOf(fields, "content-type")[0] ?? "x-unknown",
      text: kept?.text,
      encoding: kept?.encoding,
    },
    redirectURL: hop.location === undefined ? "" : shower.url(hop.location),
    headersSize: -1,
    bodySize,
    _error: error && (codedCauseOf(error)?.code ?? error.name),
  };
}

/** Octets of the content, its codings undone. */
function sizeOf(hop: Hop, coding: string, length: string | undefined, kept: KeptContent | undefined): number {
  if (kept !== undefined) return kept.bytes.length;
  if (coding !== "") return -1;
  if (hop.cache === undefined) return hop.bodyBytes;
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : -1;
}

type Fields = readonly (readonly [name: string, value: string])[];

/** What was written, or would have been where nothing was. */
function sentFields(head: string | readonly string[] | undefined, asked: readonly string[]): Fields {
  if (typeof head !== "string") return inPairs(head ?? asked);
  const [, ...lines] = head.split("\r\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
    });
}

function inPairs(flat: readonly string[]): Fields {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}

function valuesOf(fields: Fields, lowerCaseName: string): readonly string[] {
  return fields.filter(([name]) => name.toLowerCase() === lowerCaseName).map(([, value]) => value);
}

function versionOf({ httpVersion }: Hop): string {
  return httpVersion === undefined ? "unknown" : `HTTP/${httpVersion}`;
}

/** The phases that a reader requires are 0 where they are not known. */
function timingsOf({ timing }: Hop): HarTimings {
  const { blocked = -1, resolve = -1, connect, secure = -1, send = 0, response = 0, body = 0 } = timing;
  return {
    blocked,
    dns: resolve,
    connect: connect === undefined ? -1 : connect + Math.max(0, secure),
    ssl: secure,
    send: Math.min(send, response),
    wait: Math.max(0, response - send),
    receive: body,
  };
}
