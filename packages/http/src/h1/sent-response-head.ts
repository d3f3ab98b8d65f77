import { UsageError } from "@fairlead/core";
import { LEADING_TOKEN, LOWER_CASE_TOKEN, NO_FIELD_VALUE } from "./grammar.ts";
import { reasonPhrase } from "./reason-phrases.ts";

/** What the head of a response is made of. */
export interface SentResponseHead {
  /** 200 to 599. */
  readonly status: number;
  /** Names in lower case and values in turn, one character a byte, without those that frame the response. */
  readonly fields: readonly string[];
  /** Octets of the content; `stream` where they are not known, unless `content-length` says so. */
  readonly content: number | "stream";
  /** Of the request. */
  readonly method: string;
  /** Of the request: to 1.0 nothing is sent in chunks. */
  readonly version: "1.0" | "1.1";
  /** Whether the connection may serve another request. */
  readonly keepsConnection: boolean;
  /** The value of Date, where `fields` have none. */
  readonly date: string;
}

/** How the content of a response is sent: not at all, in chunks, up to the end of the connection, or so many octets. */
export type SentFraming = "none" | "chunked" | "close" | number;

/** A head as it is sent, and what it promises. */
export interface FormattedResponseHead {
  /** One character a byte. */
  readonly text: string;
  readonly framing: SentFraming;
  /** Whether it lets the connection serve another request. */
  readonly keepsConnection: boolean;
}

/**
 * Formats the head of a response, with the fields that frame it. What could end a line or be read as framing is refused
 * rather than left out: whoever passes it on did not check where it came from.
 *
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the status, or a Content-Length that is
 * not the content's.
 * @see RFC 9112 sections 4 and 6; RFC 9110 sections 6.6.1 and 8.6
 */
export function formatResponseHead(head: SentResponseHead): FormattedResponseHead {
  const { status, fields } = head;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw optionInvalid("status");
  let lines = "";
  let declared: number | undefined;
  let hasDate = false;
  let connection = "";
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = checkedValue(name, fields[index + 1]);
    switch (framingField(name)) {
      case "content-length":
        if (declared !== undefined || !LENGTH.test(value)) throw framingInvalid(name);
        declared = Number(value);
        continue;
      case "refused":
        throw framingInvalid(name);
      case "date":
        hasDate = true;
        break;
      case "upgrade":
        // With 426 it says what the client might change to. RFC 9110 section 7.8.
        connection = "upgrade";
        break;
      case undefined:
        break;
    }
    lines += `${name}: ${value}\r\n`;
  }

  const framing = decideSentFraming(head, declared);
  const length = declaredLength(head, framing, declared);
  const keepsConnection = head.keepsConnection && framing !== "close";
  if (!keepsConnection) connection = connection === "" ? "close" : `${connection}, close`;
  else if (head.version === "1.0") connection = "keep-alive";
  if (length !== undefined) lines += `content-length: ${String(length)}\r\n`;
  if (framing === "chunked") lines += "transfer-encoding: chunked\r\n";
  if (connection !== "") lines += `connection: ${connection}\r\n`;
  if (!hasDate) lines += `date: ${head.date}\r\n`;
  return { text: `HTTP/1.1 ${String(status)} ${reasonPhrase(status)}\r\n${lines}\r\n`, framing, keepsConnection };
}

/**
 * Formats the head of an interim response, or of the one that changes the protocol.
 *
 * @param fields as those of {@link SentResponseHead}; none may frame.
 * @param upgrade what is changed to, with 101.
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the status.
 * @see RFC 9110 section 15.2
 */
export function formatInterimHead(status: number, fields: readonly string[], upgrade?: string): string {
  const isChange = status === 101;
  if (!Number.isInteger(status) || status < 100 || status > 199 || isChange !== (upgrade !== undefined)) {
    throw optionInvalid("status");
  }
  let lines = "";
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = checkedValue(name, fields[index + 1]);
    const framing = framingField(name);
    if (framing !== undefined && framing !== "date") throw framingInvalid(name);
    lines += `${name}: ${value}\r\n`;
  }
  if (upgrade !== undefined) {
    lines += `connection: upgrade\r\nupgrade: ${checkedValue("upgrade", upgrade)}\r\n`;
  }
  return `HTTP/1.1 ${String(status)} ${reasonPhrase(status)}\r\n${lines}\r\n`;
}

/**
 * Formats what follows the last chunk.
 *
 * @throws UsageError HEADER_INVALID with the name of the field.
 * @see RFC 9112 section 7.1.2; RFC 9110 section 6.5.1
 */
export function formatTrailers(trailers: readonly string[]): string {
  let lines = "";
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? "";
    const value = checkedValue(name, trailers[index + 1]);
    if (framingField(name) !== undefined || NO_TRAILERS.has(name)) throw framingInvalid(name);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

const LENGTH = /^\d{1,15}$/;
/** Those that would change what was made of the response already. */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  "host",
  "content-type",
  "content-encoding",
  "content-range",
  "trailer",
]);

type FramingField = "content-length" | "date" | "upgrade" | "refused";

/** The length of most names tells that they are none. */
function framingField(name: string): FramingField | undefined {
  switch (name.length) {
    case 4:
      return name === "date" ? "date" : undefined;
    case 7:
      return name === "upgrade" ? "upgrade" : undefined;
    case 10:
      return name === "connection" || name === "keep-alive" ? "refused" : undefined;
    case 14:
      return name === "content-length" ? "content-length" : undefined;
    case 17:
      return name === "transfer-encoding" ? "refused" : undefined;
    default:
      return undefined;
  }
}

function decideSentFraming({ status, method, content, version }: SentResponseHead, declared?: number): SentFraming {
  if (method === "HEAD" || status === 204 || status === 205 || status === 304) return "none";
  if (content === "stream") return declared ?? (version === "1.0" ? "close" : "chunked");
  if (declared !== undefined && declared !== content) {
    throw optionInvalid("the content's length is not the Content-Length");
  }
  return content;
}

/** What Content-Length says. To HEAD, and with 304, it is what GET would be answered with, where that is known. */
function declaredLength(
  { status, content }: SentResponseHead,
  framing: SentFraming,
  declared?: number,
): number | undefined {
  if (framing !== "none") return typeof framing === "number" ? framing : undefined;
  if (status === 204) return undefined;
  if (status === 205) return 0;
  return declared ?? (content === "stream" || content === 0 ? undefined : content);
}

function checkedValue(name: string, value: string | undefined): string {
  if (!LOWER_CASE_TOKEN.test(name)) throw nameInvalid(name);
  if (typeof value === "string" && !NO_FIELD_VALUE.test(value)) return value;
  throw new UsageError("HEADER_INVALID", { operation: "respond", detail: `the value of ${name}` });
}

function optionInvalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "respond", detail });
}

/** Tells where the name stops being one, and nothing behind that: some pass a whole line. */
function nameInvalid(name: string): UsageError {
  const token = LEADING_TOKEN.exec(name)?.[0] ?? "";
  const detail = token === "" ? "a name that is none" : `a name that begins with ${token}`;
  const remedy = "names are tokens in lower case";
  return new UsageError("HEADER_INVALID", { operation: "respond", detail, remedy });
}

function framingInvalid(name: string): UsageError {
  const remedy = "leave the field out: the connection sets it by itself";
  return new UsageError("HEADER_INVALID", { operation: "respond", detail: `the field ${name}`, remedy });
}
