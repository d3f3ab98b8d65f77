import { isCodedError, ProtocolError, TransportError } from "@fairlead/core";

/** Names what the library says of a connection. What a server wrote into it is told as a detail. */
export function connectionError(error: Error & { readonly level?: string | undefined }, peer: string): Error {
  if (isCodedError(error)) return error;
  const facts = { peer, operation: "connect", cause: error };
  if (error.level === "client-socket") return new TransportError("CONNECTION_RESET", facts);
  return new ProtocolError("SSH_FAILED", { ...facts, detail: error.message });
}
