import type { CoapAnswer, CoapResponse } from "../exchange.ts";
import {
  type CoapCodeName,
  type CoapContentFormat,
  type CoapOption,
  type CoapProblem,
  coapCodes,
  contentFormatNumber,
  writeCoapProblem,
  writeOption,
} from "../protocol/index.ts";

/** What an answer says besides its code and body. */
export interface CoapAnswerOptions {
  /** For text it is `text/plain;charset=utf-8`, and for bytes it is left out, by default. */
  readonly contentFormat?: CoapContentFormat | undefined;
  /** Which version of the resource this is: 1 to 8 bytes. RFC 7252 section 5.10.6. */
  readonly eTag?: Uint8Array | undefined;
  /** Seconds that the answer may be used again; 60 where nothing is said. */
  readonly maxAge?: number | undefined;
  /** Path of what was created: segments, not encoded. */
  readonly location?: readonly string[] | undefined;
  /** Any others. */
  readonly options?: readonly CoapOption[] | undefined;
  /** Where the body comes from when it is too much for memory; `body` is then left out. */
  readonly source?: CoapAnswer["body"];
  /** What follows for who observes. */
  readonly updates?: AsyncIterable<CoapResponse> | undefined;
}

/**
 * Makes an answer.
 *
 * @param body text, which is sent as UTF-8, or bytes, which must not change any more.
 * @throws UsageError OPTION_INVALID, RangeError for what has no form.
 *
 * @example
 * coapAnswer("Content", JSON.stringify({ celsius: 21.5 }), { contentFormat: "application/json", maxAge: 10 });
 */
export function coapAnswer(
  code: CoapCodeName,
  body: string | Uint8Array = new Uint8Array(0),
  { contentFormat, eTag, maxAge, location = [], options = [], source, updates }: CoapAnswerOptions = {},
): CoapAnswer {
  const format = contentFormat ?? (typeof body === "string" ? "text/plain;charset=utf-8" : undefined);
  const written = [
    ...(eTag === undefined ? [] : [writeOption("eTag", eTag)]),
    ...location.map((segment) => writeOption("locationPath", segment)),
    ...(format === undefined ? [] : [writeOption("contentFormat", contentFormatNumber(format))]),
    ...(maxAge === undefined ? [] : [writeOption("maxAge", maxAge)]),
    ...options,
  ];
  return {
    code: coapCodes[code],
    options: written.sort((one, other) => one.number - other.number),
    payload: typeof body === "string" ? new TextEncoder().encode(body) : body,
    ...(source !== undefined && { body: source }),
    ...(updates !== undefined && { updates }),
  };
}

/** An answer of class 4 or 5, with a reason for people. RFC 7252 section 5.5.2. */
export function coapRefusal(code: CoapCodeName, reason: string = code): CoapAnswer {
  return { code: coapCodes[code], options: [], payload: new TextEncoder().encode(reason) };
}

/**
 * An answer of class 4 or 5, with what went wrong in a form for programs as well. RFC 9290.
 *
 * @throws UsageError OPTION_INVALID for a problem of which nothing is said.
 *
 * @example
 * coapProblem("Conflict", { title: { text: "The valve is open" }, entries: new Map([["tag:example.org,2026:valve", 3]]) });
 */
export function coapProblem(code: CoapCodeName, problem: CoapProblem): CoapAnswer {
  return coapAnswer(code, writeCoapProblem(problem), { contentFormat: "application/concise-problem-details+cbor" });
}
