import { isCodedError } from "@fairlead/core";
import { secureUrl } from "@fairlead/http/hsts";
import { errorType } from "@fairlead/http/telemetry";
import type { Context, Tracer, TracerProvider } from "@opentelemetry/api";
import type { Attempt, AttemptObserver, Observer } from "../observe/observer.ts";
import { requestAttributes, responseAttributes, spanName } from "./attributes.ts";
import { loadApi, type OpenTelemetryApi } from "./load-api.ts";

/** What can be observed: a manager. */
export interface Observable {
  observe(observer: Observer): Disposable;
}

/** How a manager is traced. */
export interface InstrumentOptions {
  /** The one that is registered, by default. */
  readonly tracerProvider?: TracerProvider;
  /**
   * Whether servers are told which trace a request belongs to, and what else the registered propagator tells (baggage);
   * not by default. `true` tells the origin that the application has asked, and none that a redirect leads to; a function
   * decides for each URL, user information and fragment apart.
   */
  readonly propagate?: boolean | ((url: URL) => boolean);
}

/**
 * Makes a client span, by the semantic conventions of HTTP, of each time that a request is sent: redirects and retries
 * are spans of their own, what memory answers is none. Its parent is the span that is active where the request is made.
 *
 * @returns what ends it.
 * @throws UsageError PACKAGE_MISSING without `@opentelemetry/api`.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 *
 * @example
 * using tracing = instrument(manager, { propagate: (url) => url.hostname.endsWith(".internal.example") });
 */
export function instrument(manager: Observable, options: InstrumentOptions = {}): Disposable {
  const api = loadApi();
  const { tracerProvider = api.trace, propagate = false } = options;
  const tracer = tracerProvider.getTracer("@fairlead/access");
  return manager.observe({
    requestStarted: ({ url }) => {
      const parent = api.context.active();
      const tells = typeof propagate === "function" ? propagate : (to: URL) => propagate && isAsked(URL.parse(url), to);
      return { attemptStarted: (attempt) => startSpan(api, tracer, parent, attempt, tells) };
    },
  });
}

function startSpan(
  api: OpenTelemetryApi,
  tracer: Tracer,
  parent: Context,
  attempt: Attempt,
  tells: (url: URL) => boolean,
): AttemptObserver {
  const { hop } = attempt;
  const attributes = requestAttributes(attempt);
  // A request for `*` is of no URL.
  const isTold = tells(URL.parse(hop.url) ?? new URL(hop.origin));
  const span = tracer.startSpan(spanName(hop), { kind: api.SpanKind.CLIENT, attributes }, parent);
  const carrier: Record<string, string> = {};
  if (isTold) api.propagation.inject(api.trace.setSpan(parent, span), carrier);
  return {
    fields: Object.entries(carrier),
    ended: (status, error) => {
      span.setAttributes(responseAttributes(hop, status, error));
      if (errorType(status, error, 400) !== undefined) {
        // Our own messages hold no secrets; nobody knows what others' hold.
        const message = isCodedError(error) ? error.message : undefined;
        span.setStatus({ code: api.SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
        if (isCodedError(error)) span.recordException({ name: error.name, message: error.message, code: error.code });
      }
      span.end();
    },
  };
}

/** Whether a URL is of the origin that the application has asked, or of that over TLS. */
function isAsked(asked: URL | null, to: URL): boolean {
  return asked !== null && (asked.origin === to.origin || secureUrl(asked)?.origin === to.origin);
}
