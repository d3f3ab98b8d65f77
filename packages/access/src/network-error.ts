import { isCodedError, ProtocolError, TimeoutError, UsageError } from "@fairlead/core";
import { transportErrorFrom } from "@fairlead/transport";

/** How far an exchange had come when it failed. */
export interface FailurePoint {
  readonly peer: string;
  readonly responseStarted: boolean;
}

/**
 * Names what went wrong below: turns an error of the HTTP engine or the socket into one of Fairlead's, wrapped once.
 * Errors that have a code and remedy already, and the reasons of aborts, pass unchanged.
 */
export function networkErrorFrom(cause: unknown, at: FailurePoint): Error {
  if (!(cause instanceof Error) || isCodedError(cause) || isAbort(cause)) {
    return cause instanceof Error ? cause : new ProtocolError("RESPONSE_MISSING", { peer: at.peer, cause });
  }
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
      return new ProtocolError("RESPONSE_TRUNCATED", facts);
    case "UND_ERR_SOCKET":
      return new ProtocolError(at.responseStarted ? "RESPONSE_TRUNCATED" : "RESPONSE_MISSING", facts);
    case "UND_ERR_INVALID_ARG":
    case "UND_ERR_NOT_SUPPORTED":
      return new UsageError(/header/i.test(cause.message) ? "HEADER_INVALID" : "OPTION_INVALID", {
        ...facts,
        detail: cause.message,
      });
    case "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH":
      return new UsageError("OPTION_INVALID", { ...facts, detail: "the body's length is not the Content-Length" });
  }
  if (code === "HPE_INVALID_EOF_STATE" && at.responseStarted) return new ProtocolError("RESPONSE_TRUNCATED", facts);
  if (code.startsWith("HPE_"))
    return new ProtocolError("RESPONSE_MALFORMED", { ...facts, detail: parserDetail(cause) });
  return transportErrorFrom(cause, { peer: at.peer, operation: "request" });
}

/** The parser's own sentence names a rule, never the peer's bytes. */
function parserDetail(cause: Error): string {
  const sentence = cause.message.replace(/^Parse Error:?\s*/i, "").trim();
  return sentence === "" ? "parse error" : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function isAbort(error: Error): boolean {
  return error.name === "AbortError" && !("code" in error && error.code === "UND_ERR_ABORTED");
}
