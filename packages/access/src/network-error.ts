import { isCodedError, ProtocolError } from "@fairlead/core";
import { transportErrorFrom } from "@fairlead/transport";
import type { ConnectionLoss } from "./pool/http-connection.ts";

/** How far an exchange had come when its connection was lost. */
export interface LossPoint {
  readonly peer: string;
  /** Whether the first byte of the response, of an interim one too, had come. */
  readonly responseBegan: boolean;
  /** Whether the head of the final response had come whole. */
  readonly responseStarted: boolean;
}

/**
 * Names the loss of a connection: by what it was lost to, wrapped once, or by what is missing of the response where the
 * peer just closed it. Errors that have a code and remedy already pass unchanged.
 */
export function lossErrorFrom(loss: ConnectionLoss, { peer, responseBegan, responseStarted }: LossPoint): Error {
  const { cause } = loss;
  if (isCodedError(cause)) return cause;
  if (cause !== undefined) return transportErrorFrom(cause, { peer, operation: "request" });
  const facts = { peer, operation: "request", cause: loss };
  if (responseStarted) return new ProtocolError("RESPONSE_TRUNCATED", facts);
  const detail = responseBegan ? "it broke off within the head" : undefined;
  return new ProtocolError("RESPONSE_MISSING", { ...facts, detail });
}
