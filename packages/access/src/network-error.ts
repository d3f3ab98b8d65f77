import { isCodedError, ProtocolError, TimeoutError, UsageError } from "@fairlead/core";
import { transportErrorFrom } from "@fairlead/transport";

/** How far an exchange had come when it failed. */
export interface FailurePoint {
  readonly peer: string;
  /** Whether the first byte of the response, of an interim one too, had come. */
  readonly responseBegan: boolean;
  /** Whether the head of the final response had come whole. */
  readonly responseStarted: boolean;
}

/**
 * Names what went wrong below: turns an error of the HTTP engine or the socket into one of Fairlead's, wrapped once.
 * Errors that have a code and remedy already, and the reasons of aborts, pass unchanged.
 */
export function networkErrorFrom(cause: unknown, at: FailurePoint): Error {
  if (!(cause instanceof Error)) return new ProtocolError("RESPONSE_MISSING", { peer: at.peer, cause });
  if (isCodedError(cause) || cause.name === "AbortError") return cause;
  const facts = { peer: at.peer, operation: "request", cause };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  switch (code) {
    case "UND_ERR_HEADERS_TIMEOUT":
      return new TimeoutError("response", facts);
    case "UND_ERR_BODY_TIMEOUT":
      return new TimeoutError("body", facts);
    case "UND_ERR_HEADERS_OVERFLOW":
      return new ProtocolError("RESPONSE_HEADERS_TOO_LARGE", facts);
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
      // The engine says the same of a length that it could not read.
      return at.responseStarted
        ? new ProtocolError("RESPONSE_TRUNCATED", facts)
        : new ProtocolError("RESPONSE_MALFORMED", { ...facts, detail: "an impossible Content-Length" });
    case "UND_ERR_SOCKET":
      return connectionLossFrom(cause, at);
    case "ERR_ASSERTION":
      // The parser let something pass that the engine did not expect, such as an upgrade in an interim response.
      return new ProtocolError("RESPONSE_MALFORMED", { ...facts, detail: "it makes no sense here" });
    case "UND_ERR_INVALID_ARG":
    case "UND_ERR_NOT_SUPPORTED":
      return refusalFrom(cause, at.peer);
    case "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH":
      return new UsageError("OPTION_INVALID", { ...facts, detail: "the body's length is not the Content-Length" });
    case "ERR_INVALID_ARG_TYPE":
      return new UsageError("REQUEST_BODY_FAILED", { ...facts, detail: "it gave something other than bytes" });
  }
  // The parser's codes are not always there.
  if (cause.name === "HTTPParserError" || code.startsWith("HPE_")) return parserErrorFrom(cause, at);
  return transportErrorFrom(cause, { peer: at.peer, operation: "request" });
}

/** The engine's name for a connection that it lost, and for one that it gave up. */
function connectionLossFrom(cause: Error, { peer, responseBegan, responseStarted }: FailurePoint): ProtocolError {
  const facts = { peer, operation: "request", cause };
  if (cause.message === "bad response" || cause.message === "bad upgrade") {
    const detail = responseBegan ? "a status that nothing in the request asks for" : "bytes before any request";
    return new ProtocolError("RESPONSE_MALFORMED", { ...facts, detail });
  }
  if (responseStarted) return new ProtocolError("RESPONSE_TRUNCATED", facts);
  const detail = responseBegan ? "it broke off within the head" : undefined;
  return new ProtocolError("RESPONSE_MISSING", { ...facts, detail });
}

/** What the engine would not send. Its messages name fields, and never hold their values. */
function refusalFrom(cause: Error, peer: string): UsageError {
  const facts = { peer, operation: "request", cause, detail: cause.message };
  if (!/\bheaders?\b/.test(cause.message)) return new UsageError("OPTION_INVALID", facts);
  const isFraming = /\b(?:connection|content-length|expect|host|keep-alive|transfer-encoding|upgrade)\b/i;
  return isFraming.test(cause.message)
    ? new UsageError("HEADER_INVALID", { ...facts, remedy: "leave the field out: the connection sets it by itself" })
    : new UsageError("HEADER_INVALID", facts);
}

function parserErrorFrom(cause: Error, { peer, responseStarted }: FailurePoint): ProtocolError {
  // The parser's error carries the bytes that it choked on, and errors end up in logs with all that they carry.
  Reflect.deleteProperty(cause, "data");
  const facts = { peer, operation: "request", cause };
  // Between the brackets stands the rule that was broken, and nothing of the response.
  const rule = /\((.+)\)$/.exec(cause.message)?.[1] ?? "no reason given";
  if (rule === "Invalid EOF state") {
    return responseStarted
      ? new ProtocolError("RESPONSE_TRUNCATED", facts)
      : new ProtocolError("RESPONSE_MISSING", { ...facts, detail: "it broke off within the head" });
  }
  return new ProtocolError("RESPONSE_MALFORMED", {
    ...facts,
    detail: rule.charAt(0).toLowerCase() + rule.slice(1),
  });
}
