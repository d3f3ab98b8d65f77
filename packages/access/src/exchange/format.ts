import { UsageError } from "@fairlead/core";

/** How what is remembered is written in a file. */
export const EXCHANGE_FORMATS = ["json", "netscape-cookies", "curl-hsts"] as const;

/**
 * How what is remembered is written in a file: `json` holds everything, `netscape-cookies` cookies as curl, wget and
 * browsers' exporters write them, `curl-hsts` known hosts as `curl --hsts` does.
 */
export type ExchangeFormat = (typeof EXCHANGE_FORMATS)[number];

/** @throws UsageError OPTION_INVALID for a format that there is not. */
export function assertFormat(format: unknown, operation: string): asserts format is ExchangeFormat {
  if (EXCHANGE_FORMATS.some((known) => known === format)) return;
  const remedy = `give one of ${EXCHANGE_FORMATS.join(", ")}`;
  throw new UsageError("OPTION_INVALID", { operation, detail: "format", remedy });
}
