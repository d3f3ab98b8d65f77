import { TimeoutError } from "@fairlead/core";
import type { RequestContext } from "../fetch-handler.ts";
import type { Awaitable, Plugin } from "../plugin.ts";

/** Finds out whether something that requests depend on is well: throws, or rejects, when it is not. */
export type HealthCheck = (signal: AbortSignal) => Awaitable<unknown>;

/** What a server tells of itself. */
export interface HealthOptions {
  /** What has to be well before requests are sent here, by names that may be seen by anybody. */
  readonly checks?: Readonly<Record<string, HealthCheck>> | undefined;
  /** After which a check has failed; 2,000 by default. */
  readonly checkMilliseconds?: number | undefined;
  /** For how long an answer is good, however often it is asked for; 1,000 by default. */
  readonly reuseMilliseconds?: number | undefined;
  /** `/livez` by default. */
  readonly livePath?: string | undefined;
  /** `/readyz` by default. */
  readonly readyPath?: string | undefined;
  /** Told why a check has failed; those who ask are told its name alone. */
  readonly onFailure?: ((check: string, error: unknown) => void) | undefined;
}

/** A plug-in that answers balancers; see {@link health}. */
export interface Health extends Plugin {
  request(request: Request, context: RequestContext): Awaitable<Response | undefined>;
  /** Is not ready from now on: balancers send their requests to others before the server closes. */
  leave(): void;
}

/**
 * Makes a plug-in that answers `/livez` with 200 as long as the process turns, and `/readyz` with 200 while every check
 * succeeds and the server does not close; with 503 otherwise. Checks run when somebody asks, side by side, and never twice
 * at a time.
 *
 * @example
 * const ready = health({ checks: { database: (signal) => pool.query("select 1", { signal }) } });
 * const server = await serve({ fetch, plugins: [ready] });
 */
export function health(options: HealthOptions = {}): Health {
  const { livePath = "/livez", readyPath = "/readyz", reuseMilliseconds = 1_000 } = options;
  let hasLeft = false;
  let known: { readonly report: Promise<HealthReport>; readonly until: number } | undefined;
  const report = (): Promise<HealthReport> => {
    if (known === undefined || performance.now() >= known.until) {
      const running = runChecks(options);
      const asked = { report: running, until: Infinity };
      known = asked;
      const settled = (): void => {
        if (known === asked) known = { report: running, until: performance.now() + reuseMilliseconds };
      };
      running.then(settled, settled);
    }
    return known.report;
  };
  return {
    name: "health",
    request(request, { closing }) {
      const { pathname } = new URL(request.url);
      if (pathname !== livePath && pathname !== readyPath) return undefined;
      if (request.method !== "GET" && request.method !== "HEAD") {
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      }
      if (pathname === livePath) return answer({ status: "ok", checks: {} });
      if (hasLeft || closing?.aborted === true) return answer({ status: "closing", checks: {} });
      return report().then(answer);
    },
    leave() {
      hasLeft = true;
    },
  };
}

interface HealthReport {
  readonly status: "ok" | "failed" | "closing";
  readonly checks: Readonly<Record<string, "ok" | "failed">>;
}

async function runChecks({ checks = {}, checkMilliseconds = 2_000, onFailure }: HealthOptions): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withinDeadline(check, checkMilliseconds);
        return [name, "ok"] as const;
      } catch (error) {
        onFailure?.(name, error);
        return [name, "failed"] as const;
      }
    }),
  );
  const status = results.every(([, result]) => result === "ok") ? "ok" : "failed";
  return { status, checks: Object.fromEntries(results) };
}

/** A check may not listen to its signal. */
async function withinDeadline(check: HealthCheck, milliseconds: number): Promise<void> {
  const late = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new TimeoutError("total", { operation: "check health" });
    late.abort(error);
    reject(error);
  }, milliseconds);
  try {
    await Promise.race([check(late.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function answer(report: HealthReport): Response {
  return Response.json(report, {
    status: report.status === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
