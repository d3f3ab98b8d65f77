import { errorType } from "@fairlead/http/telemetry";
import { redactField, redactUrls, REDACTED } from "@fairlead/http/redaction";

/** What is known of a request when it is over. `undefined` for what is not known, or does not apply. */
export interface AccessFacts {
  /** Milliseconds since 1970, when it began. */
  readonly time: number;
  readonly durationMilliseconds: number | undefined;
  readonly client: string | undefined;
  /** Who the connection is from, where that is another. */
  readonly peer: string | undefined;
  readonly tlsVersion: string | undefined;
  readonly request: AccessRequest | undefined;
  readonly status: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly error: unknown;
}

/** A request in a log; `undefined` where it could not be read. */
export interface AccessRequest {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** With the query. */
  readonly path: string;
  readonly version: string;
  readonly route: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  /** Further fields that were asked for, with their values. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * What is said of a query: values without those of known secrets; names alone; nothing.
 */
export type QueryVisibility = "redacted" | "names" | "hidden";

/** Longer values are cut: a client decides how long they are, not how long a log gets. */
const VALUE_LENGTH = 1_024;

/**
 * One line of JSON, named by OpenTelemetry's conventions. Whatever a client sends, it is one line that holds no control
 * character and no credentials.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/
 */
export function formatJsonRecord(facts: AccessFacts, query: QueryVisibility): string {
  const { request, durationMilliseconds, status, bytesIn, bytesOut, error } = facts;
  return jsonLine({
    timestamp: new Date(facts.time).toISOString(),
    ...(request !== undefined && requestAttributes(request, query)),
    "http.response.status_code": status,
    "http.request.body.size": bytesIn,
    "http.response.body.size": bytesOut,
    "http.server.request.duration":
      durationMilliseconds === undefined ? undefined : Math.round(durationMilliseconds * 1_000) / 1_000_000,
    "client.address": facts.client,
    "network.peer.address": facts.peer,
    "tls.protocol.version": facts.tlsVersion,
    "error.type": errorType(status, error, 500),
  });
}

/** A line that says something about the log itself, or about a connection without a request. */
export function formatJsonEvent(
  time: number,
  event: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  return jsonLine({ timestamp: new Date(time).toISOString(), "event.name": event, ...attributes });
}

/**
 * One line of the Combined Log Format, escaped as Apache does. RFC 9110 has no part in it.
 *
 * @see https://httpd.apache.org/docs/2.4/logs.html#combined
 */
export function formatCombinedRecord(facts: AccessFacts, query: QueryVisibility): string {
  const { request, status, bytesOut } = facts;
  const line =
    request === undefined ? "-" : `${request.method} ${shownPath(request.path, query)} HTTP/${request.version}`;
  const referer = request?.referer === undefined ? "-" : redactUrls(request.referer);
  const parts = [facts.client ?? "-", "-", "-", `[${commonTime(facts.time)}]`, quoted(line)];
  const size = bytesOut === 0 ? "-" : String(bytesOut);
  const status3 = status === undefined ? "-" : String(status);
  return `${[...parts, status3, size, quoted(referer), quoted(request?.userAgent ?? "-")].join(" ")}\n`;
}

function requestAttributes(request: AccessRequest, query: QueryVisibility): Readonly<Record<string, unknown>> {
  const { method, scheme, authority, version, route, userAgent, referer, fields } = request;
  const [path, search] = splitPath(shownPath(request.path, query));
  return {
    "http.request.method": method,
    "url.scheme": scheme,
    "server.address": cut(authority),
    "url.path": path,
    "url.query": search,
    "http.route": route,
    "network.protocol.version": version,
    "user_agent.original": userAgent === undefined ? undefined : cut(redactUrls(userAgent)),
    "http.request.header.referer": referer === undefined ? undefined : cut(redactUrls(referer)),
    ...Object.fromEntries(
      fields.map(([name, value]) => [`http.request.header.${name}`, cut(redactField(name, value))]),
    ),
  };
}

/** Secrets are taken out before it is cut, so that none is cut in two and known no more. */
function shownPath(target: string, query: QueryVisibility): string {
  const redacted = redactUrls(target);
  const [path, search] = splitPath(redacted);
  if (search === undefined || query === "hidden") return cut(path);
  if (query === "redacted") return cut(redacted);
  const names = search.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    // A query that is no list of parameters is all value.
    return equals === -1 ? REDACTED : `${pair.slice(0, equals)}=${REDACTED}`;
  });
  return cut(`${path}?${names.join("&")}`);
}

function splitPath(target: string): readonly [path: string, query?: string] {
  const mark = target.indexOf("?");
  return mark === -1 ? [target] : [target.slice(0, mark), target.slice(mark + 1)];
}

function cut(value: string): string {
  return value.length <= VALUE_LENGTH ? value : `${value.slice(0, VALUE_LENGTH)}…`;
}

/** JSON leaves what terminals and some readers of lines take for control characters. */
function jsonLine(record: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(record).replace(/[\u007f-\u009f\u2028\u2029]/g, escapeUnicode);
  return `${json}\n`;
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function quoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const escaped = cut(value).replace(/["\\]|[^\x20-\x7e]/g, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : "?";
  });
  return `"${escaped}"`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `10/Oct/2000:13:55:36 +0000` */
function commonTime(time: number): string {
  const [date = "", clock = ""] = new Date(time).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1] ?? ""}/${year}:${clock.slice(0, 8)} +0000`;
}
