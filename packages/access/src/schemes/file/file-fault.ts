import { isCodedError, PolicyError, TransportError } from "@fairlead/core";
import { fileErrorFrom } from "../../file-error.ts";

/** Refuses a path that leads, or may lead, out of the root. It does not say where to. */
export function outsideRoot(peer: string, because: string): PolicyError {
  return new PolicyError("FILE_OUTSIDE_ROOT", { peer, operation: "open", detail: because });
}

/** There is no file where a URL says, as of every scheme that names files. */
export function fileMissing(peer: string): TransportError {
  return new TransportError("FILE_NOT_FOUND", { peer, operation: "open" });
}

/** Names what the system says of a file below the root. */
export function fileFault(error: unknown, peer: string, operation: "read" | "write"): Error {
  const named = fileErrorFrom(error, peer, operation);
  return isCodedError(named) && named.code === "PATH_NOT_FOUND" ? fileMissing(peer) : named;
}
