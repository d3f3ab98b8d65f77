import { UsageError } from "@fairlead/core";
import { secureUrl } from "@fairlead/http/hsts";
import type { Stage } from "../dispatch.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import { answer, answerError } from "./answer.ts";

/**
 * Turns a request to a known HSTS host away from http before a byte is sent. The upgrade is a hop that can be seen: a
 * 307, which keeps method and body.
 *
 * @see RFC 6797 section 8.3
 */
export function hsts(memory: HstsMemory): Stage {
  return (next) => (options, handler) => {
    if (options.target.secure) return next(options, handler);
    const source = memory.sourceOf(options.target.host);
    if (source === undefined) return next(options, handler);
    // The engine refuses such a path, which would here become a part of the host that is redirected to.
    if (!options.path.startsWith("/")) {
      return answerError(handler, new UsageError("URL_INVALID", { peer: options.target.peer, detail: "path" }));
    }
    options.hop.reason = "hsts";
    options.hop.hsts = source;
    const location = secureUrl(new URL(options.hop.url))?.href ?? "";
    return answer(handler, {
      status: 307,
      message: "Internal Redirect",
      fields: { location, "non-authoritative-reason": "HSTS" },
    });
  };
}
