import { UsageError } from "@fairlead/core";

/** How much of everything a client may send, and how long it may take. */
export interface HttpLimits {
  /** Octets of a request target; 414 beyond. */
  readonly targetBytes: number;
  /** Octets of all fields with their names; 431 beyond. */
  readonly fieldsBytes: number;
  /** Number of fields; 431 beyond. */
  readonly fields: number;
  /** Octets of a request's content; 413 beyond. */
  readonly bodyBytes: number;
  /** From a request's first octet to the end of its head; 408 beyond. */
  readonly headMilliseconds: number;
  /** Without an octet of a body that somebody waits for; 408 beyond. */
  readonly bodyIdleMilliseconds: number;
  /** From a request's head to the end of its body; 408 beyond. */
  readonly bodyMilliseconds: number;
  /** Between requests, and before the first. */
  readonly idleMilliseconds: number;
  /** Without an octet taken of an answer that waits. */
  readonly writeIdleMilliseconds: number;
  /** Requests of one connection; the last is answered with `Connection: close` or GOAWAY. */
  readonly requestsPerConnection: number;
  /** Requests of one connection that are under way at the same time, in HTTP/2. */
  readonly concurrentStreams: number;
}

/** What holds where nothing else is said. */
export const defaultHttpLimits: HttpLimits = {
  targetBytes: 8_192,
  fieldsBytes: 32_768,
  fields: 200,
  bodyBytes: 16 * 1_048_576,
  headMilliseconds: 10_000,
  bodyIdleMilliseconds: 30_000,
  bodyMilliseconds: 300_000,
  idleMilliseconds: 60_000,
  writeIdleMilliseconds: 60_000,
  requestsPerConnection: Infinity,
  concurrentStreams: 100,
};

/**
 * Sets the limits that are named beside the defaults of the others.
 *
 * @throws UsageError OPTION_INVALID for what is no limit: a number that is none would compare with nothing, and hold nothing.
 */
export function httpLimits(named: Partial<HttpLimits> = {}): HttpLimits {
  const limits: { -readonly [Name in keyof HttpLimits]: number } = { ...defaultHttpLimits };
  for (const [name, value] of Object.entries<unknown>(named)) {
    if (!isLimit(name)) throw invalid(name, `name one of ${Object.keys(defaultHttpLimits).join(", ")}`);
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) throw invalid(name, "give a number from 0, or Infinity for none");
    limits[name] = value;
  }
  return limits;
}

function isLimit(name: string): name is keyof HttpLimits {
  return Object.hasOwn(defaultHttpLimits, name);
}

function invalid(name: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail: `limits.${name}`, remedy });
}
