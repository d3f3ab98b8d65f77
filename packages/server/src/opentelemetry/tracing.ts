import { isCodedError } from "@fairlead/core";
import { errorType } from "@fairlead/http/telemetry";
import type { Span, TextMapGetter, TracerProvider } from "@opentelemetry/api";
import type { FlatFields } from "../exchange/body-source.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { clientOf } from "../forwarded/index.ts";
import { routeOf } from "../observe/route.ts";
import type { ServerObserver } from "../server-observer.ts";
import { requestAttributes, responseAttributes, spanName } from "./attributes.ts";
import { loadApi } from "./load-api.ts";

/** How a server is traced. */
export interface TracingOptions {
  /** The one that is registered, by default. */
  readonly tracerProvider?: TracerProvider | undefined;
  /**
   * Whether the span goes on with the trace that a request tells of, and takes over its baggage. Not by default: whoever
   * is outside would decide what is sampled, and could write into anybody's trace. Then it begins a trace of its own, with
   * a link to the other. `true` suits a server that only one's own services and proxies can reach.
   */
  readonly trust?: boolean | ((exchange: Exchange) => boolean) | undefined;
}

/**
 * Makes an observer that has a server span, by the semantic conventions of HTTP, for each request that a handler sees, from
 * its head to the end of its answer. What the handler does belongs to it.
 *
 * @throws UsageError PACKAGE_MISSING without `@opentelemetry/api`.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 * @see https://www.w3.org/TR/trace-context/#security-considerations
 *
 * @example
 * await serve({ fetch, observers: [tracing({ trust: true })] });
 */
export function tracing(options: TracingOptions = {}): ServerObserver {
  const api = loadApi();
  const { tracerProvider = api.trace, trust = false } = options;
  const tracer = tracerProvider.getTracer("@fairlead/server");
  const spans = new Map<Exchange, Span>();
  return {
    around(exchange, handle) {
      const told = api.propagation.extract(api.ROOT_CONTEXT, exchange.head.fields, fieldGetter);
      const isTrusted = typeof trust === "function" ? trust(exchange) : trust;
      const parent = isTrusted ? told : api.ROOT_CONTEXT;
      const remote = api.trace.getSpanContext(told);
      const span = tracer.startSpan(
        spanName(exchange, undefined),
        {
          kind: api.SpanKind.SERVER,
          attributes: requestAttributes(exchange),
          links: isTrusted || remote === undefined ? [] : [{ context: remote }],
        },
        parent,
      );
      spans.set(exchange, span);
      return api.context.with(api.trace.setSpan(parent, span), handle);
    },
    onEnd(exchange, end) {
      const span = spans.get(exchange);
      if (span === undefined) return;
      spans.delete(exchange);
      const { status, error } = end;
      const route = routeOf(exchange);
      if (route !== undefined) span.updateName(spanName(exchange, route));
      span.setAttributes(responseAttributes(end, route));
      // What proxies say is read once the span has begun.
      const client = clientOf(exchange)?.address;
      if (client !== undefined) span.setAttribute("client.address", client);
      if (errorType(status, error, 500) !== undefined) {
        // Our own messages hold no secrets; nobody knows what others' hold.
        const message = isCodedError(error) ? error.message : undefined;
        span.setStatus({ code: api.SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
        if (isCodedError(error)) span.recordException({ name: error.name, message: error.message, code: error.code });
      }
      span.end();
    },
  };
}

const fieldGetter: TextMapGetter<FlatFields> = {
  keys: (fields) => fields.filter((_, index) => index % 2 === 0),
  get: (fields, name) => {
    const values = fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === name.toLowerCase());
    return values.length > 1 ? values : values[0];
  },
};
