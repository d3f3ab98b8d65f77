import { errorType } from "@fairlead/http/telemetry";
import { redactField, redactUrls } from "@fairlead/http/redaction";
import { cutValue, shownTarget, type QueryVisibility } from "./shown-target.ts";

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
  const line = request === undefined ? "-" : requestLine(request, query);
  const referer = request?.referer === undefined ? "-" : redactUrls(request.referer);
  const parts = [facts.client ?? "-", "-", "-", `[${commonTime(facts.time)}]`, quoted(line)];
  const size = bytesOut === 0 ? "-" : String(bytesOut);
  const status3 = status === undefined ? "-" : String(status);
  return `${[...parts, status3, size, quoted(referer), quoted(request?.userAgent ?? "-")].join(" ")}\n`;
}

function requestLine({ method, path, version }: AccessRequest, visibility: QueryVisibility): string {
  const target = shownTarget(path, visibility);
  return `${method} ${target.path}${target.query === undefined ? "" : `?${target.query}`} HTTP/${version}`;
}

function requestAttributes(request: AccessRequest, query: QueryVisibility): Readonly<Record<string, unknown>> {
  const { method, scheme, authority, version, route, userAgent, referer, fields } = request;
  const target = shownTarget(request.path, query);
  return {
    "http.request.method": method,
    "url.scheme": scheme,
    "server.address": cutValue(authority),
    "url.path": target.path,
    "url.query": target.query,
    "http.route": route,
    "network.protocol.version": version,
    "user_agent.original": userAgent === undefined ? undefined : cutValue(redactUrls(userAgent)),
    "http.request.header.referer": referer === undefined ? undefined : cutValue(redactUrls(referer)),
    ...Object.fromEntries(
      fields.map(([name, value]) => [`http.request.header.${name}`, cutValue(redactField(name, value))]),
    ),
  };
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
  const escaped = cutValue(value).replace(/["\\]|[^\x20-\x7e]/g, (character) => {
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
