import { errorType, knownMethod } from "@fairlead/http/telemetry";
import type { Exchange } from "../exchange/exchange.ts";
import type { FetchHandler } from "../fetch-handler.ts";
import type { ServerObserver } from "../server-observer.ts";
import { MetricRegistry } from "./metric-registry.ts";
import { chooseExposition, expositionTypes, formatMetrics } from "./protocol/exposition.ts";
import type { MetricFamily } from "./protocol/metric-family.ts";
import { routeOf } from "./route.ts";

/** What is measured, and how finely. */
export interface HttpMetricsOptions {
  /** Where the application keeps its own metrics; a registry of the server's by default. */
  readonly registry?: MetricRegistry | undefined;
  /** Bounds of the histogram of durations, in seconds; those of OpenTelemetry by default. */
  readonly durationBounds?: readonly number[] | undefined;
  /** What a scrape shows; `registry.snapshot()` by default. Workers show what all of them have counted. */
  readonly gather?: (() => readonly MetricFamily[] | Promise<readonly MetricFamily[]>) | undefined;
}

/** An observer that counts, and the handler that tells. */
export interface HttpMetrics extends ServerObserver {
  readonly registry: MetricRegistry;
  /** Answers a scrape, for Prometheus or by OpenMetrics. Mount it where only your own may ask. */
  readonly fetch: FetchHandler;
}

/** Of OpenTelemetry's `http.server.request.duration`. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Makes an observer that keeps metrics for Prometheus, named by OpenTelemetry's conventions: durations of requests by
 * method, status, route and version, requests under way, octets, connections, handshakes, and what was refused, by code.
 * Labels have few values, whatever clients send; routes are those that the application names.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 *
 * @example
 * const metrics = httpMetrics();
 * await serve({ fetch, observers: [metrics] });
 * await serve({ fetch: metrics.fetch, port: 9464 }); // on loopback, for the scraper alone
 */
export function httpMetrics(options: HttpMetricsOptions = {}): HttpMetrics {
  const { registry = new MetricRegistry(), durationBounds = DURATION_BOUNDS } = options;
  const { gather = () => registry.snapshot() } = options;
  const began = new Map<Exchange, number>();
  let connections = 0;
  const durations = registry.histogram(
    {
      name: "http_server_request_duration_seconds",
      help: "From the head of a request to the end of its answer.",
      labelNames: [
        ...["http_request_method", "http_response_status_code", "http_route", "network_protocol_version", "error_type"],
      ],
    },
    durationBounds,
  );
  const received = registry.counter({
    name: "http_server_request_body_bytes_total",
    help: "Octets of content that came.",
  });
  const sent = registry.counter({
    name: "http_server_response_body_bytes_total",
    help: "Octets of content that left.",
  });
  registry.gauge({ name: "http_server_active_requests", help: "Requests that are under way." }, () => began.size);
  registry.gauge({ name: "http_server_open_connections", help: "Connections that speak HTTP." }, () => connections);
  const opened = registry.counter({
    name: "http_server_connections_total",
    help: "Connections that began to speak HTTP; those with a version of TLS have shaken hands.",
    labelNames: ["tls_protocol_version", "tls_resumed"],
  });
  const failed = registry.counter({
    name: "http_server_connection_failures_total",
    help: "Connections that never came so far, by code: refused, cut, or without a handshake.",
    labelNames: ["error_type"],
  });
  const refused = registry.counter({
    name: "http_server_refusals_total",
    help: "Requests that no handler saw, by code.",
    labelNames: ["error_type", "http_response_status_code"],
  });
  addProcessMetrics(registry);
  return {
    registry,
    onConnection({ tls }) {
      connections += 1;
      opened.add(tls === undefined ? ["", ""] : [tls.protocol, String(tls.isResumed)]);
    },
    onConnectionEnd() {
      connections -= 1;
    },
    onConnectionFailure(error) {
      failed.add([errorType(undefined, error, 500) ?? "_OTHER"]);
    },
    onExchange(exchange) {
      began.set(exchange, performance.now());
    },
    onEnd(exchange, { status, bytesIn, bytesOut, error }) {
      const start = began.get(exchange);
      if (start === undefined) return;
      began.delete(exchange);
      const { method, version } = exchange.head;
      const labels = [
        knownMethod(method),
        status === undefined ? "" : String(status),
        routeOf(exchange) ?? "",
        version,
        errorType(status, error, 500) ?? "",
      ];
      durations.observe(labels, (performance.now() - start) / 1_000);
      if (bytesIn > 0) received.add([], bytesIn);
      if (bytesOut > 0) sent.add([], bytesOut);
    },
    onRefusal(_facts, { status, error }) {
      refused.add([error.code, status === undefined ? "" : String(status)]);
    },
    fetch: async ({ method, headers }) => {
      if (method !== "GET" && method !== "HEAD") {
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      }
      const format = chooseExposition(headers.get("accept") ?? undefined);
      return new Response(formatMetrics(await gather(), format), {
        headers: { "content-type": expositionTypes[format], vary: "accept", "cache-control": "no-store" },
      });
    },
  };
}

function addProcessMetrics(registry: MetricRegistry): void {
  registry.gauge({ name: "process_resident_memory_bytes", help: "Memory of the process, or of all workers." }, () =>
    process.memoryUsage.rss(),
  );
  registry.total(
    { name: "process_cpu_seconds_total", help: "Processor time of the process, or of all workers." },
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000_000;
    },
  );
}
