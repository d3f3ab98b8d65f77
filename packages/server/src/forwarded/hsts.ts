import { UsageError } from "@fairlead/core";

/** How long browsers are to use https only. RFC 6797. */
export interface HstsOptions {
  /** Seconds; 0 has them forget it. Begin with little: it cannot be taken back from who does not come again. */
  readonly maxAge: number;
  /** Also for all names below this one; they need certificates then. */
  readonly includeSubDomains?: boolean | undefined;
  /** Agrees to be put on the lists that browsers come with, which takes months to undo. See hstspreload.org. */
  readonly preload?: boolean | undefined;
}

/**
 * Formats Strict-Transport-Security.
 *
 * @throws UsageError OPTION_INVALID for what is no number of seconds, or a preload that the lists would not take.
 * @see RFC 6797 section 6.1
 */
export function formatHsts({ maxAge, includeSubDomains = false, preload = false }: HstsOptions): string {
  if (!Number.isSafeInteger(maxAge) || maxAge < 0) {
    throw new UsageError("OPTION_INVALID", { detail: "hsts.maxAge", remedy: "give seconds, a whole number from 0" });
  }
  if (preload && (!includeSubDomains || maxAge < yearSeconds)) {
    const remedy = "give includeSubDomains and a maxAge of at least 31,536,000 with it, as the lists demand";
    throw new UsageError("OPTION_INVALID", { detail: "hsts.preload", remedy });
  }
  return `max-age=${String(maxAge)}${includeSubDomains ? "; includeSubDomains" : ""}${preload ? "; preload" : ""}`;
}

const yearSeconds = 31_536_000;
