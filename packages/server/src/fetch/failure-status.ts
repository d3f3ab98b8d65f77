import { FairleadError } from "@fairlead/core";

/**
 * What a request is answered with whose own content failed: a limit holds with its status, whatever a handler, or the
 * framework that it is made of, makes of the failure. `undefined` where it is not the request's fault.
 */
export function failureStatus(failure: unknown): number | undefined {
  if (!(failure instanceof FairleadError)) return undefined;
  switch (failure.code) {
    case "REQUEST_MALFORMED":
      return 400;
    case "REQUEST_BODY_TOO_LARGE":
      return 413;
    case "TIMED_OUT":
      return 408;
    default:
      return undefined;
  }
}
