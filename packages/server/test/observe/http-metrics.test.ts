import { PolicyError, ProtocolError, TlsError, TransportError, UsageError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  httpMetrics,
  LeanRequest,
  MetricRegistry,
  nameRoute,
  type ExchangeEnd,
  type HttpMetrics,
  type RequestContext,
} from "../../src/index.ts";
import { exchangeFor, factsOf } from "./noted-exchange.ts";

const done: ExchangeEnd = { status: 200, bytesIn: 0, bytesOut: 0, error: undefined };
const context: RequestContext = {
  connection: factsOf(),
  client: undefined,
  inform: () => undefined,
  requestTrailers: [],
  waitUntil: () => undefined,
};

async function scrape(metrics: HttpMetrics, accept = "text/plain"): Promise<readonly string[]> {
  const request = new Request("http://a.example/metrics", { headers: { accept } });
  const response = await metrics.fetch(request, context);
  assert.equal(response.status, 200);
  return (await response.text()).split("\n").filter((line) => !line.startsWith("#") && line !== "");
}

describe("metrics of a server", () => {
  test("count requests by method, status, route, version and failure", async () => {
    const metrics = httpMetrics();
    const answered = exchangeFor({ method: "POST", version: "2" });
    metrics.onExchange?.(answered);
    nameRoute(LeanRequest.create(answered, "http://a.example"), "/users/:id");
    metrics.onEnd?.(answered, { ...done, bytesIn: 10, bytesOut: 200 });
    const left = exchangeFor({ method: "BREW" });
    metrics.onExchange?.(left);
    metrics.onEnd?.(left, { ...done, status: undefined, error: new TransportError("CLIENT_GONE") });
    const failed = exchangeFor();
    metrics.onExchange?.(failed);
    metrics.onEnd?.(failed, { ...done, status: 500 });
    const lines = await scrape(metrics);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("http_server_request_duration_seconds_count")),
      [
        `{http_request_method="POST",http_response_status_code="200",http_route="/users/:id",network_protocol_version="2"} 1`,
        `{http_request_method="_OTHER",network_protocol_version="1.1",error_type="CLIENT_GONE"} 1`,
        `{http_request_method="GET",http_response_status_code="500",network_protocol_version="1.1",error_type="500"} 1`,
      ].map((line) => `http_server_request_duration_seconds_count${line}`),
    );
    assert.ok(lines.includes("http_server_request_body_bytes_total 10"));
    assert.ok(lines.includes("http_server_response_body_bytes_total 200"));
  });

  test("tell what is under way", async () => {
    const metrics = httpMetrics();
    const exchange = exchangeFor();
    metrics.onConnection?.(factsOf());
    metrics.onConnection?.(factsOf({ isResumed: true }));
    metrics.onExchange?.(exchange);
    let lines = await scrape(metrics);
    assert.ok(lines.includes("http_server_active_requests 1"));
    assert.ok(lines.includes("http_server_open_connections 2"));
    assert.ok(lines.includes("http_server_connections_total 1"));
    assert.ok(lines.includes(`http_server_connections_total{tls_protocol_version="TLSv1.3",tls_resumed="true"} 1`));
    metrics.onEnd?.(exchange, done);
    metrics.onConnectionEnd?.(factsOf());
    lines = await scrape(metrics);
    assert.ok(lines.includes("http_server_active_requests 0"));
    assert.ok(lines.includes("http_server_open_connections 1"));
  });

  test("count what was refused by its code", async () => {
    const metrics = httpMetrics();
    metrics.onConnectionFailure?.(new PolicyError("CONNECTION_LIMIT"), factsOf());
    metrics.onConnectionFailure?.(new TlsError("TLS_NOT_SPOKEN"), factsOf());
    metrics.onConnectionFailure?.(new Error("192.0.2.7 says something new each time"), factsOf());
    metrics.onRefusal?.(factsOf(), { status: 414, error: new ProtocolError("REQUEST_TARGET_TOO_LONG") });
    metrics.onRefusal?.(factsOf(), { status: undefined, error: new ProtocolError("HTTP2_FLOOD") });
    const lines = await scrape(metrics);
    const failures = "http_server_connection_failures_total";
    assert.ok(lines.includes(`${failures}{error_type="CONNECTION_LIMIT"} 1`));
    assert.ok(lines.includes(`${failures}{error_type="TLS_NOT_SPOKEN"} 1`));
    assert.ok(lines.includes(`${failures}{error_type="_OTHER"} 1`));
    const refusals = "http_server_refusals_total";
    assert.ok(lines.includes(`${refusals}{error_type="REQUEST_TARGET_TOO_LONG",http_response_status_code="414"} 1`));
    assert.ok(lines.includes(`${refusals}{error_type="HTTP2_FLOOD"} 1`));
  });

  test("keep no more series than they may, and count the rest together", async () => {
    const metrics = httpMetrics({ registry: new MetricRegistry({ seriesPerFamily: 2 }), durationBounds: [] });
    for (const route of ["/a", "/b", "/c", "/d", "/a"]) {
      const exchange = exchangeFor();
      metrics.onExchange?.(exchange);
      nameRoute(LeanRequest.create(exchange, "http://a.example"), route);
      metrics.onEnd?.(exchange, done);
    }
    const counts = (await scrape(metrics)).flatMap((line) => {
      const match = /^http_server_request_duration_seconds_count.*http_route="(.*?)".* (\d+)$/.exec(line);
      return match === null ? [] : [`${match[1] ?? ""} ${match[2] ?? ""}`];
    });
    assert.deepEqual(counts, ["/a 2", "/b 1", "_OTHER 2"]);
  });

  test("are told in the format that the scraper likes best, and to nobody who changes something", async () => {
    const metrics = httpMetrics();
    const ask = (init: RequestInit): Promise<Response> | Response =>
      metrics.fetch(new Request("http://a.example/", init), context);
    const open = await ask({ headers: { accept: "application/openmetrics-text" } });
    assert.equal(open.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert.ok((await open.text()).endsWith("# EOF\n"));
    assert.equal((await ask({})).headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert.equal((await ask({ method: "POST" })).status, 405);
  });
});

describe("a registry of metrics", () => {
  test("sorts durations into buckets, those on a bound below it", () => {
    const registry = new MetricRegistry();
    const histogram = registry.histogram({ name: "wait_seconds", help: "" }, [1, 2]);
    for (const value of [0, 1, 1.5, 2, 3]) histogram.observe([], value);
    assert.deepEqual(registry.snapshot()[0]?.series, [{ labels: [], values: [2, 2, 1, 7.5] }]);
  });

  test("shows a counter without labels before anything has happened", () => {
    const registry = new MetricRegistry();
    registry.counter({ name: "a_total", help: "" });
    assert.deepEqual(registry.snapshot()[0]?.series, [{ labels: [], values: [0] }]);
  });

  test("refuses names that are taken, or that no scraper could read", () => {
    const registry = new MetricRegistry();
    registry.counter({ name: "a_total", help: "" });
    for (const [name, labelNames] of [
      ["a_total", []],
      ["a total", []],
      ["b_total", ["le"]],
      ["c_total", ["__name"]],
    ] as const) {
      assert.throws(() => registry.counter({ name, help: "", labelNames }), UsageError);
    }
  });
});
