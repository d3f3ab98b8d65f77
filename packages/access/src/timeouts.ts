import { LONGEST_MILLISECONDS, requireMilliseconds } from "./deadline.ts";

/** Deadlines in milliseconds, each for one phase of a request. What is waited for in one of them is named by its error. */
export interface Timeouts {
  /** Name lookup; 10 s by default. */
  readonly resolve: number;
  /** From the addresses to a connection, with all proxies on the way; 10 s by default. */
  readonly connect: number;
  /** TLS handshake, without what the application is asked meanwhile; 10 s by default. */
  readonly secure: number;
  /** Between two pieces of the request's body that the server takes; 300 s by default. */
  readonly request: number;
  /** From the request, or the latest interim response, to the response's head; 300 s by default. */
  readonly response: number;
  /** Between two pieces of the response's body; 300 s by default. */
  readonly body: number;
  /** The whole request, with its redirects, retries and questions, up to the last byte of its body; none by default. */
  readonly total: number;
  /** How long an unused connection is kept when the server does not say; 4 s by default. For a manager, not a request. */
  readonly idle: number;
}

/** What a request may say for itself. */
export type RequestTimeouts = Partial<Omit<Timeouts, "idle">>;

/** The deadlines where none are named. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  resolve: 10_000,
  connect: 10_000,
  secure: 10_000,
  request: 300_000,
  response: 300_000,
  body: 300_000,
  total: Number.POSITIVE_INFINITY,
  idle: 4_000,
};

/**
 * The deadlines of a manager or a request: what it says, and `others` where it says nothing.
 *
 * @throws UsageError OPTION_INVALID
 */
export function timeoutsOf(said: Partial<Timeouts> | undefined, others: Timeouts): Timeouts {
  if (said === undefined) return others;
  const timeouts = { ...others };
  for (const phase of Object.keys(others) as (keyof Timeouts)[]) {
    const milliseconds = said[phase];
    if (milliseconds === undefined) continue;
    const isNone = phase === "total" && milliseconds === Number.POSITIVE_INFINITY;
    if (!isNone) requireMilliseconds(`timeouts.${phase}`, milliseconds, 1);
    timeouts[phase] = milliseconds;
  }
  return timeouts;
}

/** What undici calls `headersTimeout` and `bodyTimeout`, where 0 is none. */
export interface ForeignTimeouts {
  readonly headersTimeout?: number | null;
  readonly bodyTimeout?: number | null;
}

/** The deadlines of a request that another library makes; what is none counts as not said. */
export function foreignTimeouts({ headersTimeout, bodyTimeout }: ForeignTimeouts, others: Timeouts): Timeouts {
  const response = foreignTimeout(headersTimeout) ?? others.response;
  const body = foreignTimeout(bodyTimeout) ?? others.body;
  return response === others.response && body === others.body ? others : { ...others, response, body };
}

function foreignTimeout(milliseconds: number | null | undefined): number | undefined {
  if (milliseconds === 0) return LONGEST_MILLISECONDS;
  return (milliseconds ?? 0) > 0 ? Math.min(milliseconds ?? 0, LONGEST_MILLISECONDS) : undefined;
}
