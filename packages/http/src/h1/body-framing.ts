import type { ResponseFields, ResponseHead } from "./response-head.ts";
import { trimmed } from "./whitespace.ts";

/** What the framing of a response depends on besides its head. */
export interface ResponseContext {
  readonly method: string;
  /** Whether the request asked for another protocol. */
  readonly upgrade: boolean;
}

/** Where a response ends. */
export type ResponseFraming =
  /** At its head. `isDoubtful`: its fields speak of a body, and one may come all the same. */
  | { readonly type: "none"; readonly isDoubtful: boolean }
  | { readonly type: "length"; readonly bytes: number }
  | { readonly type: "chunked" }
  /** With its connection. */
  | { readonly type: "close" }
  /** The connection belongs to another protocol from here. */
  | { readonly type: "upgrade" }
  | { readonly type: "invalid"; readonly detail: string };

const NONE: ResponseFraming = { type: "none", isDoubtful: false };
const DOUBTFUL: ResponseFraming = { type: "none", isDoubtful: true };
const CHUNKED: ResponseFraming = { type: "chunked" };
const CLOSE: ResponseFraming = { type: "close" };
const UPGRADE: ResponseFraming = { type: "upgrade" };

/**
 * Decides where a response ends. Stricter than it need be wherever two recipients could see two different bodies: two
 * lengths, a coding that we did not ask for, a coding in HTTP/1.0.
 *
 * @see RFC 9112 sections 6.1 to 6.3
 */
export function decideResponseFraming(
  { status, minorVersion, fields }: ResponseHead,
  { method, upgrade }: ResponseContext,
): ResponseFraming {
  const coding = fields["transfer-encoding"];
  const declared = fields["content-length"];
  if (coding !== undefined && declared !== undefined) {
    return invalid("both Content-Length and Transfer-Encoding");
  }
  if (coding !== undefined && minorVersion === 0) return invalid("a Transfer-Encoding in HTTP/1.0");
  if (coding !== undefined && !isChunked(coding)) return invalid("a transfer coding that nobody asked for");
  const bytes = declared === undefined ? undefined : readContentLength(declared);
  if (bytes === "different") return invalid("different values of Content-Length");
  if (bytes === "invalid") return invalid("an impossible Content-Length");

  if (status === 101) return upgrade ? UPGRADE : invalid("a switch of protocols that nothing in the request asks for");
  if (method === "CONNECT" && status >= 200 && status < 300) return UPGRADE;
  if (method === "HEAD") return NONE;
  if (status < 200 || status === 204 || status === 304) {
    return coding !== undefined || (bytes ?? 0) > 0 ? DOUBTFUL : NONE;
  }
  if (coding !== undefined) return CHUNKED;
  return bytes === undefined ? CLOSE : { type: "length", bytes };
}

/** A client that sends no `TE` is sent no other coding (RFC 9112 section 7.4), and `chunked` once (section 6.1). */
function isChunked(coding: string | string[]): boolean {
  return typeof coding === "string" && coding.toLowerCase() === "chunked";
}

/**
 * Reads a Content-Length, whose repetitions must be equal to the letter.
 *
 * @see RFC 9110 section 8.6
 */
function readContentLength(declared: NonNullable<ResponseFields[string]>): number | "different" | "invalid" {
  if (typeof declared === "string" && DIGITS.test(declared)) return safeLength(declared);
  const [first = "", ...others] = String(declared)
    .split(",")
    .map((value) => trimmed(value, 0, value.length));
  if (![first, ...others].every((value) => DIGITS.test(value))) return "invalid";
  return others.every((value) => value === first) ? safeLength(first) : "different";
}

const DIGITS = /^\d+$/;

function safeLength(digits: string): number | "invalid" {
  const bytes = Number(digits);
  return Number.isSafeInteger(bytes) ? bytes : "invalid";
}

function invalid(detail: string): ResponseFraming {
  return { type: "invalid", detail };
}
