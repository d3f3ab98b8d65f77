import { isCodedError } from "@fairlead/core";
import type { Duplex } from "node:stream";
import type { BodySource, Exchange } from "../exchange/index.ts";
import type { FetchHandler, RequestContext } from "../fetch-handler.ts";
import { tellFailure } from "../tell-failure.ts";
import { failureStatus } from "./failure-status.ts";
import { LeanRequest } from "./lean-request.ts";
import { type OnUpgrade, OwnResponse, type ResponseParts } from "./lean-response.ts";
import { RequestOrigins } from "./request-url.ts";
import { responseParts } from "./response-parts.ts";
import { sendContent } from "./send-content.ts";

/** What is around a handler. */
export interface AnswerOptions {
  /** Told once of each request that a handler, its response or its body failed for. */
  readonly onError: (error: unknown, request: Request) => void;
  /** What the handler may know beyond the request. */
  readonly context: (exchange: Exchange) => RequestContext;
}

/**
 * Answers exchanges by a handler. What the handler throws is a 500 with nothing of it inside; what fails later cuts the
 * answer, so that its client sees that it is not whole.
 */
export function answerByFetch(fetch: FetchHandler, options: AnswerOptions): (exchange: Exchange) => void {
  const origins = new RequestOrigins();
  return (exchange) => {
    const origin = origins.of(exchange);
    if (origin === undefined) {
      refuse(exchange, 400);
      return;
    }
    const request = LeanRequest.create(exchange, origin);
    try {
      const answer = fetch(request, options.context(exchange));
      if (!isPromise(answer)) {
        send(exchange, request, answer, options);
        return;
      }
      answer.then(
        (response) => {
          send(exchange, request, response, options);
        },
        (error: unknown) => {
          fail(exchange, request, error, options);
        },
      );
    } catch (error) {
      fail(exchange, request, error, options);
    }
  };
}

function send(exchange: Exchange, request: Request, response: Response, options: AnswerOptions): void {
  try {
    const parts = responseParts(response);
    const failure = parts.status < 500 ? undefined : failureStatus(LeanRequest.contentFailure(request));
    if (failure !== undefined) {
      refuse(exchange, failure);
      if (isSource(parts.content)) parts.content.cancel();
    } else if (parts.status === 101) {
      giveStream(exchange.upgrade(parts.fields), OwnResponse.onUpgrade(response));
    } else if (isSource(parts.content) || parts.trailers !== undefined) {
      sendContent(exchange, parts).catch((error: unknown) => {
        fail(exchange, request, error, options);
      });
    } else {
      exchange.respond(parts, parts.content);
    }
  } catch (error) {
    fail(exchange, request, error, options);
  }
}

/** A stream that nobody takes is nobody's: it ends. */
function giveStream(stream: Duplex, onUpgrade: OnUpgrade | undefined): void {
  try {
    if (onUpgrade === undefined) stream.destroy();
    else onUpgrade(stream);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** Where it is not the client's doing the application is told. */
function fail(exchange: Exchange, request: Request, error: unknown, { onError }: AnswerOptions): void {
  const status = failureStatus(LeanRequest.contentFailure(request) ?? error);
  if (status === undefined && !isOfLeaving(error, exchange)) tellFailure(() => onError(error, request));
  if (exchange.isAnswered) exchange.abort(error);
  else refuse(exchange, status ?? 500);
}

/** Whether something failed because the client has left. */
function isOfLeaving(error: unknown, { signal }: Exchange): boolean {
  if (isCodedError(error) && error.code === "CLIENT_GONE") return true;
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === "AbortError"));
}

/** A handler in JavaScript may give anything, and promises of others. */
function isPromise(answer: unknown): answer is Promise<Response> {
  return answer instanceof Promise || (typeof answer === "object" && answer !== null && "then" in answer);
}

function isSource(content: ResponseParts["content"]): content is BodySource {
  return typeof content === "object" && !(content instanceof Uint8Array);
}

const PLAIN_TEXT = Object.freeze(["content-type", "text/plain;charset=UTF-8"]);
const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  413: "Content Too Large",
  500: "Internal Server Error",
};

function refuse(exchange: Exchange, status: number): void {
  exchange.respond({ status, fields: PLAIN_TEXT }, REASONS[status]);
}
