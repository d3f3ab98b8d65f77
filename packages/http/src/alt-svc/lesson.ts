import { parseAltSvc, type AlternativeService } from "./field.ts";

/** What a response with `Alt-Svc` came from. */
export interface AltSvcResponse {
  /** As a URL has it: A-labels, IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Whether it came over TLS, with a certificate that was verified for the origin. */
  readonly secure: boolean;
  /** All lines of the field. */
  readonly fieldValues: readonly string[];
  /** Seconds that the response has spent in caches: its `Age`. */
  readonly ageSeconds: number;
}

/** Where an origin can be reached as well. */
export interface Alternative {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly persist: boolean;
}

/** What to remember of a response. */
export type AltSvcLesson =
  | { readonly type: "ignore" }
  | { readonly type: "forget" }
  | { readonly type: "remember"; readonly alternative: Alternative; readonly maxAge: number };

/**
 * Decides what is learned from `Alt-Svc`: the first alternative that speaks HTTP/2 over TLS, on another host or port. The
 * field takes the place of all that is known (RFC 7838 section 3), so one without such an alternative forgets.
 *
 * From http, or past a certificate that was not verified, nothing is learned: whoever stands on the way could send all
 * further requests to a server of their own (section 9.2).
 */
export function learnAltSvc({ hostname, port, secure, fieldValues, ageSeconds }: AltSvcResponse): AltSvcLesson {
  if (!secure) return { type: "ignore" };
  const field = parseAltSvc(fieldValues);
  if (field === undefined) return { type: "ignore" };
  if (field.type === "clear") return { type: "forget" };
  const own = hostname.replace(/^\[|\]$/g, "");
  const isElsewhere = (each: AlternativeService): boolean => hostOf(each, own) !== own || each.port !== port;
  const found = field.alternatives.find((each) => each.protocol === "h2" && isElsewhere(each));
  const maxAge = found === undefined ? 0 : found.maxAge - ageSeconds;
  if (found === undefined || maxAge <= 0) return { type: "forget" };
  return {
    type: "remember",
    alternative: { host: hostOf(found, own), port: found.port, persist: found.persist },
    maxAge,
  };
}

function hostOf({ host }: AlternativeService, own: string): string {
  return host === "" ? own : host;
}
