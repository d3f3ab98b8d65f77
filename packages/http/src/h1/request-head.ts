import { UsageError } from "@fairlead/core";
import { LEADING_TOKEN, NO_FIELD_VALUE, WHOLE_TOKEN } from "./grammar.ts";

/** What a request's head is made of. */
export interface RequestHead {
  /** Any token; case matters. */
  readonly method: string;
  /** What follows the method: a path with its query; behind a proxy the whole URL; for CONNECT `host:port`; or `*`. */
  readonly target: string;
  /** What the Host field says, unless `fields` has one. */
  readonly host: string;
  /** Names and values in turn, one character a byte; names keep their case. */
  readonly fields: readonly string[];
  /** The length of the content in bytes; `stream` when it is not known, unless `fields` declares it. */
  readonly content: "none" | "stream" | number;
  /** The protocol to change to; the field that asks for it is left to this. */
  readonly upgrade?: string | undefined;
  /** Whether whoever sends it can do something with trailers: `TE: trailers`, RFC 9110 section 10.1.4. */
  readonly acceptsTrailers?: boolean | undefined;
  /** Whether the content waits for a 100 (Continue), RFC 9110 section 10.1.1. */
  readonly expectsContinue?: boolean | undefined;
  /** Named in errors: `host:port`. */
  readonly peer?: string | undefined;
}

/** A head as it is sent, and what it promises. */
export interface FormattedRequestHead {
  /** One character a byte. */
  readonly text: string;
  /** The length of the content in bytes: whoever sends it must send just that. */
  readonly framing: "none" | "chunked" | number;
  /** Whether it says that the connection closes after the response. */
  readonly closes: boolean;
}

/**
 * Formats the head of a request, with the fields that frame it. What could end a line or be read as framing is refused
 * rather than left out: whoever passes it on did not check where it came from.
 *
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the method, the target, or a
 * Content-Length that is not the content's.
 * @see RFC 9112 sections 3, 5 and 6
 */
export function formatRequestHead(head: RequestHead): FormattedRequestHead {
  const { method, target, fields, upgrade, peer } = head;
  if (!COMMON_METHODS.has(method) && !WHOLE_TOKEN.test(method)) throw optionInvalid("method", peer);
  if (!TARGET.test(target)) throw optionInvalid("request target", peer);

  let lines = "";
  let host: string | undefined;
  let declared: number | undefined;
  let closes = false;
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = fields[index + 1];
    if (!WHOLE_TOKEN.test(name)) throw nameInvalid(name, peer);
    if (typeof value !== "string" || NO_FIELD_VALUE.test(value)) throw fieldInvalid(name, peer);
    switch (framingField(name)) {
      case "host":
        if (host !== undefined || !HOST.test(value)) throw framingInvalid(name, peer);
        host = value;
        break;
      case "content-length":
        if (declared !== undefined || !/^\d{1,15}$/.test(value)) throw framingInvalid(name, peer);
        declared = Number(value);
        break;
      case "connection":
        closes ||= readConnection(name, value, peer);
        break;
      case "refused":
        throw framingInvalid(name, peer);
      case undefined:
        lines += `${name}: ${value}\r\n`;
        break;
    }
  }

  const framing = decideFraming(head, declared);
  let connection = upgrade === undefined ? (closes ? "close" : "keep-alive") : "upgrade";
  if (head.acceptsTrailers === true) {
    connection += ", te";
    lines += "te: trailers\r\n";
  }
  if (head.expectsContinue === true && framing !== "none") lines += "expect: 100-continue\r\n";
  if (upgrade !== undefined) {
    if (NO_FIELD_VALUE.test(upgrade)) throw fieldInvalid("upgrade", peer);
    lines += `upgrade: ${upgrade}\r\n`;
  }
  const text =
    `${method} ${target} HTTP/1.1\r\nhost: ${host ?? head.host}\r\nconnection: ${connection}\r\n` +
    `${lines}${formatFraming(framing, head, declared)}\r\n`;
  return { text, framing, closes };
}

const COMMON_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);
/** Methods whose requests have content by their nature: without any, they say so. RFC 9110 section 8.6. */
const CONTENT_METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY", "PROPFIND", "PROPPATCH"]);
const TARGET = /^[\x21-\x7e]+$/;
/** What a URL's host and port may consist of; whether they are right is not looked at. */
const HOST = /^[^\t ,/\\?#@]*$/;

type FramingField = "host" | "content-length" | "connection" | "refused";

/** Fields that belong to the connection, or say where the message ends. The length of most names tells that they are none. */
function framingField(name: string): FramingField | undefined {
  switch (name.length) {
    case 2:
      // It would ask for codings that nobody here undoes. RFC 9112 section 7.4.
      return name.toLowerCase() === "te" ? "refused" : undefined;
    case 4:
      return name.toLowerCase() === "host" ? "host" : undefined;
    case 6:
      return name.toLowerCase() === "expect" ? "refused" : undefined;
    case 7:
      return name.toLowerCase() === "upgrade" ? "refused" : undefined;
    case 10: {
      const lowerCase = name.toLowerCase();
      return lowerCase === "connection" ? "connection" : lowerCase === "keep-alive" ? "refused" : undefined;
    }
    case 14:
      return name.toLowerCase() === "content-length" ? "content-length" : undefined;
    case 17:
      return name.toLowerCase() === "transfer-encoding" ? "refused" : undefined;
    default:
      return undefined;
  }
}

/** Tells whether it asks to close; other options are for fields that no application sets. RFC 9110 section 7.6.1. */
function readConnection(name: string, value: string, peer: string | undefined): boolean {
  const options = value.toLowerCase().split(",");
  let closes = false;
  for (const option of options) {
    const trimmed = option.trim();
    if (trimmed === "close") closes = true;
    else if (trimmed !== "keep-alive") throw framingInvalid(name, peer);
  }
  return closes;
}

function decideFraming({ content, peer }: RequestHead, declared: number | undefined): FormattedRequestHead["framing"] {
  if (content === "stream") return declared ?? "chunked";
  const length = content === "none" ? 0 : content;
  if (declared !== undefined && declared !== length) {
    throw optionInvalid("the body's length is not the Content-Length", peer);
  }
  return content;
}

/** RFC 9112 sections 6.1 and 6.2. */
function formatFraming(
  framing: FormattedRequestHead["framing"],
  { method }: RequestHead,
  declared: number | undefined,
): string {
  if (framing === "chunked") return "transfer-encoding: chunked\r\n";
  if (framing !== "none" && framing > 0) return `content-length: ${String(framing)}\r\n`;
  return declared === 0 || CONTENT_METHODS.has(method) ? "content-length: 0\r\n" : "";
}

function optionInvalid(detail: string, peer: string | undefined): UsageError {
  return new UsageError("OPTION_INVALID", { peer, operation: "request", detail });
}

function fieldInvalid(name: string, peer: string | undefined): UsageError {
  return new UsageError("HEADER_INVALID", { peer, operation: "request", detail: `the value of ${name}` });
}

/** Tells where the name stops being one, and nothing behind that: some pass a whole line. */
function nameInvalid(name: string, peer: string | undefined): UsageError {
  const token = LEADING_TOKEN.exec(name)?.[0] ?? "";
  const detail = token === "" ? "a name that is none" : `a name that begins with ${token}`;
  return new UsageError("HEADER_INVALID", { peer, operation: "request", detail });
}

function framingInvalid(name: string, peer: string | undefined): UsageError {
  const remedy = "leave the field out: the connection sets it by itself";
  return new UsageError("HEADER_INVALID", { peer, operation: "request", detail: `the field ${name}`, remedy });
}
