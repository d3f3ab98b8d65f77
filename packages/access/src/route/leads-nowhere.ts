import { isCodedError, TimeoutError, TlsError, TransportError } from "@fairlead/core";
import type { Target } from "../target.ts";
import type { Route } from "./route.ts";

/** Whether an error says that the way itself is of no use, whatever the origin would have answered. */
export function leadsNowhere(route: Route, error: Error, target: Target): boolean {
  if (!isCodedError(error)) return false;
  const latePhase = error instanceof TimeoutError ? error.phase : undefined;
  const isLate = latePhase === "resolve" || latePhase === "connect";
  switch (route.type) {
    case "proxies":
      // What a proxy refuses stays refused: its rules are not to be gone around.
      return (
        error.code === "PROXY_UNREACHABLE" ||
        error.code === "PROXY_ANSWER_INVALID" ||
        (isLate && error.peer !== target.peer)
      );
    case "direct":
    case "unix":
      return isLate || error instanceof TransportError;
    case "alternative":
      return isLate || latePhase === "secure" || error instanceof TransportError || error instanceof TlsError;
  }
}
