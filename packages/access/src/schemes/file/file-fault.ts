import { FileError, PolicyError } from "@fairlead/core";

/** Refuses a path that leads, or may lead, out of the root. It does not say where to. */
export function outsideRoot(peer: string, because: string): PolicyError {
  return new PolicyError("FILE_OUTSIDE_ROOT", { peer, operation: "open", detail: because });
}

/** There is no file where a URL says. */
export function fileMissing(peer: string): FileError {
  return new FileError("FILE_NOT_FOUND", { peer, operation: "open" });
}
