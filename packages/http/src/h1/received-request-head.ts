import { readControlFields, type ControlFields } from "./control-fields.ts";
import { lowerCaseName } from "./field-names.ts";
import { keepsConnection } from "./persistence.ts";
import { decideRequestFraming, type RequestFraming } from "./request-framing.ts";
import { fieldsTooLarge, malformed, TARGET_TOO_LONG, type RequestFault } from "./request-fault.ts";
import { METHOD_BYTES, type Http1RequestLimits } from "./request-limits.ts";
import { readRequestTarget, type RequestTarget } from "./request-target.ts";
import { trimmed } from "./whitespace.ts";

/** The head of a request that came. Its list of fields is made when it is asked for. */
export class ReceivedRequestHead {
  readonly #text: string;
  readonly #length: number;
  #fields: readonly string[] | undefined;

  readonly version: "1.0" | "1.1";
  /** Any token but CONNECT. */
  readonly method: string;
  /** Of the connection, whatever the target says. */
  readonly scheme: "http" | "https";
  /** `host` or `host:port`; empty where HTTP/1.0 names none. */
  readonly authority: string;
  /** Path and query, beginning with a slash; or `*`. */
  readonly path: string;
  /** What the client asks to change to. RFC 9110 section 7.8. */
  readonly upgrade: string | undefined;
  readonly framing: RequestFraming;
  /** Whether content waits for 100 (Continue). RFC 9110 section 10.1.1. */
  readonly expectsContinue: boolean;
  /** Whether the client lets the connection serve another request. */
  readonly keepsConnection: boolean;

  /** @param text field lines that match the grammar, to the empty line that ends at `length`. */
  constructor(start: RequestStart, control: ControlFields, framing: RequestFraming, text: string, length: number) {
    const { minorVersion, target } = start;
    this.#text = text;
    this.#length = length;
    this.version = minorVersion === 0 ? "1.0" : "1.1";
    this.method = start.method;
    this.scheme = start.scheme;
    this.authority = target.authority;
    this.path = target.path;
    const { connection, upgrade, expect } = control;
    const asksToUpgrade = upgrade !== undefined && minorVersion === 1 && UPGRADE.test(connection ?? "");
    this.upgrade = asksToUpgrade ? upgrade : undefined;
    this.framing = framing;
    this.expectsContinue = expect !== undefined && minorVersion === 1 && framing !== 0;
    this.keepsConnection = keepsConnection(minorVersion, connection);
  }

  /** Names in lower case and values in turn, as they came, in order. */
  get fields(): readonly string[] {
    return (this.#fields ??= readFlatFields(this.#text, this.#text.indexOf("\r\n") + 2, this.#length));
  }
}

/** What a request line says. */
interface RequestStart {
  readonly minorVersion: 0 | 1;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly target: RequestTarget;
}

/**
 * Reads a head that matches the grammar.
 *
 * @param length of the head, its empty line included; more may follow in `text`.
 * @see RFC 9112 sections 2.3, 3 and 5
 */
export function readRequestHead(
  text: string,
  length: number,
  scheme: "http" | "https",
  limits: Http1RequestLimits,
): ReceivedRequestHead | RequestFault {
  const methodEnd = text.indexOf(" ");
  const targetEnd = text.indexOf(" ", methodEnd + 1);
  if (targetEnd - methodEnd - 1 > limits.targetBytes) return TARGET_TOO_LONG;
  const lineEnd = targetEnd + " HTTP/1.1".length;
  if (length - lineEnd - 4 > limits.fieldsBytes) return fieldsTooLarge();
  if (text.charCodeAt(targetEnd + 6) !== DIGIT_ONE) return malformed("another major version of HTTP", 505);
  if (methodEnd > METHOD_BYTES) return malformed("a method that nobody knows", 501);

  const control = readControlFields(text, lineEnd + 2, length);
  if (control.count > limits.fields) return fieldsTooLarge(`more than ${String(limits.fields)} fields`);
  const minorVersion = text.charCodeAt(targetEnd + 8) === DIGIT_ZERO ? 0 : 1;
  const method = text.slice(0, methodEnd);
  const target = readRequestTarget(method, text.slice(methodEnd + 1, targetEnd), control, minorVersion);
  if ("code" in target) return target;
  const framing = decideRequestFraming(control, minorVersion, limits.bodyBytes);
  if (typeof framing === "object") return framing;
  if (control.expect !== undefined && minorVersion === 1 && control.expect.toLowerCase() !== "100-continue") {
    return malformed("an expectation that is not 100-continue", 417);
  }
  return new ReceivedRequestHead({ minorVersion, method, scheme, target }, control, framing, text, length);
}

/** Lists field lines that match the grammar, from `from` to the empty line that ends at `length`. */
export function readFlatFields(text: string, from: number, length: number): readonly string[] {
  const list: string[] = [];
  for (let start = from; start < length - 2; ) {
    const colon = text.indexOf(":", start);
    const end = text.indexOf("\r\n", colon);
    list.push(lowerCaseName(text.slice(start, colon)), trimmed(text, colon + 1, end));
    start = end + 2;
  }
  return list;
}

const DIGIT_ZERO = 0x30;
const DIGIT_ONE = 0x31;
const UPGRADE = /(?:^|[\t ,])upgrade(?:[\t ,]|$)/i;
