import { serve, nameRoute, type FetchHandler } from "@fairlead/server";
import { tracing, type TracingOptions } from "@fairlead/server/opentelemetry";
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type TextMapPropagator,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { UsageError } from "@fairlead/core";
import { loadApi } from "../../src/opentelemetry/load-api.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";

/** What W3C Trace Context asks for, which the SDK for Node registers. */
const propagator: TextMapPropagator = {
  inject: () => undefined,
  extract: (current, carrier, getter) => {
    const told = getter.get(carrier, "traceparent");
    const [, trace128 = "", span64 = ""] = (typeof told === "string" ? told : "").split("-");
    if (span64 === "") return current;
    return trace.setSpanContext(current, {
      traceId: trace128,
      spanId: span64,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
  },
  fields: () => ["traceparent"],
};

before(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(propagator);
});
after(() => {
  context.disable();
  trace.disable();
  propagation.disable();
});
afterEach(() => {
  exporter.reset();
});

/** The spans of what a server has answered, in the order in which they ended. */
async function traced(
  fetch: FetchHandler,
  request: string,
  options: TracingOptions = {},
): Promise<readonly ReadableSpan[]> {
  await using running = await serve({
    fetch,
    observers: [tracing(options)],
    host: "127.0.0.1",
    onError: () => undefined,
  });
  const socket = connect(running.port ?? 0, "127.0.0.1");
  socket.write(request);
  socket.resume();
  await once(socket, "close");
  while (exporter.getFinishedSpans().every(({ kind }) => kind !== SpanKind.SERVER)) await nextTurn();
  return exporter.getFinishedSpans().slice();
}

function get(path: string, ...fields: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: a.example:8080", "Connection: close", ...fields, "", ""].join("\r\n");
}

describe("a server's span", () => {
  test("is what the conventions say that it is", async () => {
    const [span, ...others] = await traced(() => new Response("hello"), get("/a?b=1&token=31d4", "User-Agent: curl/8"));
    assert.deepEqual(others, []);
    assert.equal(span?.name, "GET");
    assert.equal(span.kind, SpanKind.SERVER);
    assert.equal(span.parentSpanContext, undefined);
    assert.deepEqual(span.links, []);
    const { "network.peer.port": port, ...attributes } = span.attributes;
    assert.equal(typeof port, "number");
    assert.deepEqual(attributes, {
      "http.request.method": "GET",
      "url.scheme": "http",
      "url.path": "/a",
      "url.query": "b=1&token=REDACTED",
      "server.address": "a.example",
      "server.port": 8080,
      "client.address": "127.0.0.1",
      "network.peer.address": "127.0.0.1",
      "network.protocol.version": "1.1",
      "user_agent.original": "curl/8",
      "http.response.status_code": 200,
    });
    assert.equal(span.status.code, SpanStatusCode.UNSET);
  });

  test("has the name of the route that the application tells", async () => {
    const [span] = await traced((request) => {
      nameRoute(request, "/users/:id");
      return new Response(null, { status: 404 });
    }, get("/users/7"));
    assert.equal(span?.name, "GET /users/:id");
    assert.equal(span.attributes["http.route"], "/users/:id");
    assert.equal(span.status.code, SpanStatusCode.UNSET, "the server has done its part");
  });

  test("has a name and a method of few values, whatever is asked", async () => {
    const [span] = await traced(() => new Response(), get("/").replace("GET", "BREW"));
    assert.equal(span?.name, "HTTP");
    assert.equal(span.attributes["http.request.method"], "_OTHER");
    assert.equal(span.attributes["http.request.method_original"], "BREW");
  });

  test("is a failure when the handler fails, and says nothing of what it threw", async () => {
    const [span] = await traced(() => {
      throw new Error("the password is 1234");
    }, get("/"));
    assert.equal(span?.status.code, SpanStatusCode.ERROR);
    assert.equal(span.attributes["error.type"], "500");
    assert.doesNotMatch(JSON.stringify([span.status, span.attributes, span.events]), /1234/);
  });

  test("is a failure when the client leaves", async () => {
    let leave = (): void => undefined;
    const running = await serve({
      fetch: ({ signal }) => {
        leave();
        const { promise, resolve } = Promise.withResolvers<Response>();
        signal.addEventListener("abort", () => resolve(new Response()));
        return promise;
      },
      observers: [tracing()],
      host: "127.0.0.1",
    });
    const socket = connect(running.port ?? 0, "127.0.0.1");
    leave = () => socket.resetAndDestroy();
    socket.write(get("/"));
    while (exporter.getFinishedSpans().length === 0) await nextTurn();
    await running.close();
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.attributes["error.type"], "CLIENT_GONE");
    assert.equal(span.status.code, SpanStatusCode.ERROR);
    assert.equal(span.events[0]?.name, "exception");
  });

  test("has what the handler does below it, also after it has waited", async () => {
    const spans = await traced(async () => {
      await nextTurn();
      trace.getTracer("application").startSpan("query").end();
      return new Response();
    }, get("/"));
    const [query, server] = spans;
    assert.equal(query?.name, "query");
    assert.equal(query.parentSpanContext?.spanId, server?.spanContext().spanId);
  });
});

describe("a trace that a client tells of", () => {
  const request = get("/", `Traceparent: 00-${traceId}-${parentId}-01`);

  test("is linked to, and not gone on with", async () => {
    const [span] = await traced(() => new Response(), request);
    assert.equal(span?.parentSpanContext, undefined);
    assert.notEqual(span?.spanContext().traceId, traceId);
    assert.deepEqual(
      span?.links.map(({ context: linked }) => [linked.traceId, linked.spanId]),
      [[traceId, parentId]],
    );
  });

  for (const [who, trust] of [
    ["all", true],
    ["this client", ({ connection }) => connection.remote?.address === "127.0.0.1"],
  ] as const satisfies readonly (readonly [string, TracingOptions["trust"]])[]) {
    test(`is gone on with where ${who} may be trusted`, async () => {
      const [span] = await traced(() => new Response(), request, { trust });
      assert.equal(span?.parentSpanContext?.spanId, parentId);
      assert.equal(span.spanContext().traceId, traceId);
      assert.deepEqual(span.links, []);
    });
  }
});

test("without the package, what is missing is said", () => {
  const require = Object.assign(
    () => {
      throw new Error("not found");
    },
    { resolve: undefined },
  ) as unknown as NodeJS.Require;
  assert.throws(
    () => loadApi(require),
    (error) => error instanceof UsageError && error.code === "PACKAGE_MISSING",
  );
});
