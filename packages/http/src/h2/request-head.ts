import { UsageError } from "@fairlead/core";
import { LEADING_TOKEN, NO_FIELD_VALUE, WHOLE_TOKEN } from "../h1/grammar.ts";
import { lowerCaseName } from "../h1/field-names.ts";

/** What a request's head is made of. */
export interface Http2RequestHead {
  /** Any token but CONNECT; case matters. */
  readonly method: string;
  readonly scheme: "http" | "https";
  /** What the stream is to be given to, by extended CONNECT, which is the method then. RFC 8441 section 4. */
  readonly protocol?: string | undefined;
  /** `host`, and the port where it is not the scheme's own, unless `fields` has a Host. */
  readonly authority: string;
  /** With its query; or `*`. */
  readonly path: string;
  /** Names and values in turn, one character a byte. */
  readonly fields: readonly string[];
  /** The length of the content in bytes; `stream` when it is not known, unless `fields` declares it. */
  readonly content: "none" | "stream" | number;
  /** Named in errors: `host:port`. */
  readonly peer?: string | undefined;
}

/** A head as it is encoded, and what it promises. */
export interface Http2RequestFields {
  /** Names in lower case and values in turn, pseudo-fields first. */
  readonly fields: readonly string[];
  /** The length of the content in bytes, which whoever sends it has to send just that; `undefined` when nobody knows. */
  readonly contentLength: number | undefined;
}

/** Methods whose requests have content by their nature: without any, they say so. RFC 9110 section 8.6. */
const CONTENT_METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY"]);
const TARGET = /^[\x21-\x7e]+$/;
const HOST = /^[^\t ,/\\?#@]*$/;
/** As for HTTP/1.1: whoever asks for something of the connection is told, since nothing would come of it. */
const REFUSED: ReadonlySet<string> = new Set(["expect", "keep-alive", "te", "transfer-encoding", "upgrade"]);

/**
 * Makes the fields of a request's head. What the standard forbids is refused rather than left out; `Connection`, whose
 * options every application of HTTP/1.1 may use, says nothing here and is dropped.
 *
 * @throws UsageError HEADER_INVALID with the name of the field; OPTION_INVALID for the method, the path, or a
 * Content-Length that is not the content's.
 * @see RFC 9113 sections 8.2 and 8.3.1, RFC 8441 section 4
 */
export function requestFields(head: Http2RequestHead): Http2RequestFields {
  const { method, scheme, path, fields, content, peer, protocol } = head;
  if (!WHOLE_TOKEN.test(method)) throw optionInvalid("method", peer);
  // A tunnel has no response that ends, and no path. RFC 9113 section 8.5.
  if (method === "CONNECT") throw optionInvalid("method CONNECT", peer);
  if (!TARGET.test(path)) throw optionInvalid("request target", peer);

  if (protocol !== undefined && !WHOLE_TOKEN.test(protocol)) throw optionInvalid("protocol", peer);

  const flat = [":method", method, ":scheme", scheme, ":authority", head.authority, ":path", path];
  if (protocol !== undefined) {
    flat[1] = "CONNECT";
    flat.push(":protocol", protocol);
  }
  let hasHost = false;
  let declared: number | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    const given = fields[index] ?? "";
    const value = fields[index + 1];
    const name = lowerCaseName(given);
    if (!WHOLE_TOKEN.test(name)) throw nameInvalid(given, peer);
    if (typeof value !== "string" || NO_FIELD_VALUE.test(value)) throw valueInvalid(given, peer);
    if (name === "host") {
      if (hasHost || !HOST.test(value)) throw framingInvalid(given, peer);
      hasHost = true;
      flat[5] = value;
    } else if (name === "content-length") {
      if (declared !== undefined || !/^\d{1,15}$/.test(value)) throw framingInvalid(given, peer);
      declared = Number(value);
    } else if (name === "connection") {
      if (!/^[\t ]*(?:close|keep-alive)?(?:[\t ]*,[\t ]*(?:close|keep-alive)?)*[\t ]*$/i.test(value)) {
        throw framingInvalid(given, peer);
      }
    } else if (REFUSED.has(name)) {
      throw framingInvalid(given, peer);
    } else {
      // White space at either end is no part of a value. RFC 9113 section 8.2.1.
      flat.push(name, hasOuterSpace(value) ? value.trim() : value);
    }
  }

  const contentLength = content === "stream" ? declared : content === "none" ? 0 : content;
  if (declared !== undefined && declared !== contentLength) {
    throw optionInvalid("the body's length is not the Content-Length", peer);
  }
  const isTold = contentLength !== 0 || declared === 0 || CONTENT_METHODS.has(method);
  if (contentLength !== undefined && isTold) flat.push("content-length", String(contentLength));
  return { fields: flat, contentLength };
}

function hasOuterSpace(value: string): boolean {
  return isSpace(value.charCodeAt(0)) || isSpace(value.charCodeAt(value.length - 1));
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function optionInvalid(detail: string, peer: string | undefined): UsageError {
  return new UsageError("OPTION_INVALID", { peer, operation: "request", detail });
}

function valueInvalid(name: string, peer: string | undefined): UsageError {
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
