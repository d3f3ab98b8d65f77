import { UsageError } from "@fairlead/core";
import type { Stage } from "../dispatch.ts";
import { answerError } from "./answer.ts";

/** Lets `http` and `https` pass; nothing handles other schemes yet. */
export const scheme: Stage = (next) => (options, handler) => {
  const { protocol } = options.target;
  if (protocol === "https:" || protocol === "http:") return next(options, handler);
  return answerError(handler, new UsageError("URL_SCHEME_UNKNOWN", { detail: protocol.slice(0, -1) }));
};
