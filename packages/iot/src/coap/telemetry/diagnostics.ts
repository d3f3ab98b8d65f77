import { redactUrls } from "@fairlead/http/redaction";
import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { CoapContext, CoapRequest } from "../exchange.ts";
import {
  type CoapCode,
  type CoapDestination,
  type CoapScheme,
  formatCoapTarget,
  formatCoapUri,
  nameCoapCode,
  readCoapUri,
} from "../protocol/index.ts";

/**
 * Requests of every client of the process, in Node's convention: `start` and `end` around the call, whose stores hold for
 * what is done for it; `asyncStart` and `asyncEnd` when there is a response, or none will be; `error` before them. All of
 * one request are told the same {@link CoapRequestMessage}.
 */
export const coapRequestChannel: TracingChannel<CoapRequestMessage, CoapRequestMessage> =
  tracingChannel("fairlead:coap-request");

/**
 * Requests that the handlers of every server of the process see, in the same convention: the stores of `start` hold for what
 * a handler does. All of one request are told the same {@link CoapAnswerMessage}.
 */
export const coapAnswerChannel: TracingChannel<CoapAnswerMessage, CoapAnswerMessage> =
  tracingChannel("fairlead:coap-answer");

/** What `fairlead:coap-request` tells. Holds no secrets. */
export class CoapRequestMessage {
  /** `GET` and the like; of a code that is not registered the code, such as `0.31`. */
  readonly method: string;
  /** Of the response, such as `2.05`; `undefined` until there is one. */
  code: CoapCode | undefined = undefined;
  /** What it failed with; `undefined` for nothing. */
  error: unknown = undefined;
  readonly #request: CoapRequest;
  readonly #destination: CoapDestination;

  constructor(request: CoapRequest, destination: CoapDestination) {
    this.method = nameCoapCode(request.code) ?? request.code;
    this.#request = request;
    this.#destination = destination;
  }

  /** As it was asked for, behind a proxy where there is one, secrets redacted; `undefined` where the options make none. */
  get url(): string | undefined {
    const uri = readCoapUri(this.#request, this.#destination);
    return uri && redactUrls(formatCoapUri(uri));
  }
}

/** What `fairlead:coap-answer` tells. Holds no secrets. */
export class CoapAnswerMessage {
  /** As {@link CoapRequestMessage}; so are the next two. */
  readonly method: string;
  code: CoapCode | undefined = undefined;
  /** What the handler threw. */
  error: unknown = undefined;
  /** Who asks: `host:port`. Over plain UDP anybody can claim to be anybody. */
  readonly peer: string;
  readonly scheme: CoapScheme;
  readonly #request: CoapRequest;

  constructor(request: CoapRequest, { peer, scheme }: CoapContext) {
    this.method = nameCoapCode(request.code) ?? request.code;
    this.peer = peer;
    this.scheme = scheme;
    this.#request = request;
  }

  /** Path and query, secrets redacted, its first 1,024 characters; `undefined` where the options make none. */
  get target(): string | undefined {
    const uri = readCoapUri(this.#request, { scheme: this.scheme, host: "localhost", port: 0 });
    return uri && redactUrls(formatCoapTarget(uri)).slice(0, 1_024);
  }
}
