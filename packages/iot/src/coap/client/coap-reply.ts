import { ContentError, ProtocolError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import { type CborOptions, type CborValue, readCbor } from "../../protocol/cbor.ts";
import type { CoapResponse } from "../exchange.ts";
import {
  type CoapCode,
  type CoapCodeName,
  type CoapOption,
  type CoapProblem,
  type CoapUri,
  contentFormats,
  findBadOption,
  formatCoapUri,
  nameCoapCode,
  readCoapProblem,
  readOption,
  readOptions,
} from "../protocol/index.ts";

/** An answer, as an application reads it. One of class 4 or 5 is an answer as well. */
export class CoapReply {
  /** What was asked. */
  readonly url: string;
  /** Such as `2.05`. */
  readonly code: CoapCode;
  /** Such as `Content`; `undefined` for a code that is not registered: go by its class. */
  readonly name: CoapCodeName | undefined;
  /** Whether the code is of class 2. */
  readonly ok: boolean;
  readonly payload: Uint8Array;
  readonly options: readonly CoapOption[];
  /** Number of the payload's format. Without one, an answer of class 4 or 5 has a reason for people in UTF-8. */
  readonly contentFormat: number | undefined;
  /** Seconds that the answer may be used again. */
  readonly maxAge: number;
  readonly eTag: Uint8Array | undefined;
  /** URL of what was created. */
  readonly location: string | undefined;

  /** @throws ProtocolError COAP_RESPONSE_UNUSABLE for an option that is critical and not understood. */
  constructor(uri: CoapUri, response: CoapResponse) {
    // RFC 7252 section 5.4.1. What layers below deal with they have taken out.
    const bad = findBadOption(response, none);
    if (bad !== undefined) {
      const peer = formatPeer(uri.host, uri.port);
      throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { peer, operation: "request", detail: `option ${bad.number}` });
    }
    this.url = formatCoapUri(uri);
    this.code = response.code;
    this.name = nameCoapCode(response.code);
    this.ok = response.code.startsWith("2.");
    this.payload = response.payload;
    this.options = response.options;
    this.contentFormat = readOption(response, "contentFormat");
    this.maxAge = readOption(response, "maxAge") ?? 60;
    this.eTag = readOption(response, "eTag");
    this.location = locationOf(uri, response);
  }

  /** What the server says went wrong, where it says so in a form for programs. RFC 9290. */
  get problem(): CoapProblem | undefined {
    return this.contentFormat === problemFormat ? readCoapProblem(this.payload) : undefined;
  }

  /**
   * The payload as text.
   *
   * @throws ContentError CHARSET_VIOLATED when it is no UTF-8.
   */
  text(): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.payload);
    } catch (cause) {
      throw new ContentError("CHARSET_VIOLATED", { peer: this.url, bytes: this.payload, cause });
    }
  }

  /**
   * The payload read as JSON, whatever its format says.
   *
   * @throws ContentError CHARSET_VIOLATED, JSON_INVALID.
   */
  json(): unknown {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message quotes what it read.
      throw new ContentError("JSON_INVALID", { peer: this.url, bytes: this.payload });
    }
  }

  /**
   * The payload read as one value of CBOR, whatever its format says: maps are `Map`s, bytes are `Uint8Array`s. Numbers may
   * have fractions unless `floats` says no, and nothing has a tag but those in `tags`.
   *
   * @throws ContentError CBOR_INVALID, also for what could be read in two ways: see RFC 8949 section 4.2.
   */
  cbor({ floats = true, ...options }: CborOptions = {}): CborValue {
    const value = readCbor(this.payload, { ...options, floats });
    if (value === undefined) throw new ContentError("CBOR_INVALID", { peer: this.url, bytes: this.payload });
    return value;
  }
}

/** RFC 7252 section 5.10.7. */
function locationOf(uri: CoapUri, response: CoapResponse): string | undefined {
  const path = readOptions(response, "locationPath");
  const query = readOptions(response, "locationQuery");
  if (path.length + query.length === 0 || path.some((segment) => segment === "." || segment === "..")) return undefined;
  return formatCoapUri({ ...uri, path, query });
}

const problemFormat = contentFormats["application/concise-problem-details+cbor"];
const none: ReadonlySet<number> = new Set();
