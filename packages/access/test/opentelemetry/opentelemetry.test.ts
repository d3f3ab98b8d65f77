import { openNetworkAccessManager } from "@fairlead/access";
import { instrument, type InstrumentOptions } from "@fairlead/access/opentelemetry";
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type TextMapPropagator,
  type TracerProvider,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { loadApi } from "../../src/opentelemetry/load-api.ts";
import { networkFixture } from "../network-fixture.ts";
import { answering, response, scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

/** What W3C Trace Context asks for, which the SDK for Node registers. */
const propagator: TextMapPropagator = {
  inject: (current, carrier, setter) => {
    const span = trace.getSpanContext(current);
    if (span === undefined) return;
    setter.set(carrier, "traceparent", `00-${span.traceId}-${span.spanId}-0${String(span.traceFlags)}`);
  },
  extract: (current) => current,
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

/** The spans of what is done, in the order in which they ended. */
async function traced(
  run: (manager: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
  { options = {}, instrumented = {} }: { options?: Parameters<typeof open>[0]; instrumented?: InstrumentOptions } = {},
): Promise<readonly ReadableSpan[]> {
  await using manager = await open(options);
  instrument(manager, instrumented);
  await run(manager);
  return exporter.getFinishedSpans().slice();
}

describe("a span", () => {
  test("is what the conventions say that it is", async () => {
    const { port } = fixture.network.https;
    const [span, ...others] = await traced(async (manager) =>
      (await manager.fetch(`https://localhost:${String(port)}/echo?a=1`)).text(),
    );
    assert.deepEqual(others, []);
    assert.equal(span?.name, "GET");
    assert.equal(span.kind, SpanKind.CLIENT);
    assert.deepEqual(span.attributes, {
      "http.request.method": "GET",
      "server.address": "localhost",
      "server.port": port,
      "url.full": `https://localhost:${String(port)}/echo?a=1`,
      "network.peer.address": "127.0.0.1",
      "network.peer.port": port,
      "network.protocol.version": "1.1",
      "http.response.status_code": 200,
    });
    assert.deepEqual(span.status, { code: SpanStatusCode.UNSET });
    assert.equal(span.instrumentationScope.name, "@fairlead/access");
  });

  test("tells of HTTP/2", async () => {
    const { port } = fixture.network.service("https-h2");
    const [span] = await traced(async (manager) =>
      (await manager.request(`https://a.fairlead.test:${String(port)}/echo`)).bytes(),
    );
    assert.equal(span?.attributes["network.protocol.version"], "2");
  });

  test("has the active span of the call for a parent, on every hop, and by each way", async () => {
    const tracer = provider.getTracer("test");
    for (const way of ["request", "fetch"] as const) {
      exporter.reset();
      const spans = await traced((manager) =>
        tracer.startActiveSpan("outer", async (outer) => {
          await (await manager[way](`${fixture.network.https.origin}/redirect/302?to=/bytes/1`)).text();
          outer.end();
        }),
      );
      const outer = spans.at(-1);
      assert.deepEqual(
        spans
          .slice(0, -1)
          .map((span) => [span.parentSpanContext?.spanId, span.attributes["http.request.resend_count"]]),
        [
          [outer?.spanContext().spanId, undefined],
          [outer?.spanContext().spanId, 1],
        ],
      );
    }
  });

  test("of a method that is made up does not have its name", async () => {
    await using server = await scriptedServer(answering(() => response("x")));
    const [span] = await traced(async (manager) => (await manager.request(server.origin, { method: "BREW" })).bytes());
    assert.equal(span?.name, "HTTP");
    assert.equal(span.attributes["http.request.method"], "_OTHER");
    assert.equal(span.attributes["http.request.method_original"], "BREW");
  });

  test("is there for a request about the server as a whole", async () => {
    await using server = await scriptedServer(answering(() => response("x")));
    const spans = await traced(
      async (manager) => {
        const { body } = await manager.request({ origin: server.origin, path: "*", method: "OPTIONS" });
        await body.text();
      },
      { instrumented: { propagate: true } },
    );
    assert.deepEqual(
      spans.map(({ attributes }) => [attributes["server.port"], attributes["url.full"]]),
      [[server.port, `${server.origin}*`]],
    );
  });

  test("names no secret of a URL", async () => {
    const [span] = await traced(async (manager) =>
      (await manager.request(`${fixture.network.https.origin}/echo?sig=s3cret&page=2`)).bytes(),
    );
    assert.match(String(span?.attributes["url.full"]), /\?sig=REDACTED&page=2$/);
  });

  test("is an error for a status of 400 and above", async () => {
    await using server = await scriptedServer(answering(() => "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
    const [span] = await traced(async (manager) => (await manager.request(server.origin)).bytes());
    assert.equal(span?.attributes["error.type"], "404");
    assert.deepEqual(span.status, { code: SpanStatusCode.ERROR });
    assert.deepEqual(span.events, []);
  });

  test("is an error, with code and message, for a failure before a response and one within", async () => {
    await using server = await scriptedServer(
      answering((_target, socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
    );
    const [refused, cut] = await traced(async (manager) => {
      await assert.rejects(manager.request("http://127.0.0.1:1/"));
      await assert.rejects((await manager.request(server.origin)).bytes());
    });
    assert.equal(refused?.attributes["error.type"], "CONNECTION_REFUSED");
    assert.equal(refused.status.code, SpanStatusCode.ERROR);
    assert.match(refused.status.message ?? "", /127\.0\.0\.1:1/);
    assert.equal(refused.events[0]?.name, "exception");
    assert.equal(cut?.attributes["error.type"], "RESPONSE_TRUNCATED");
    assert.equal(cut.attributes["http.response.status_code"], 200);
  });

  test("of what the application aborts tells no reason; giving up a body is no error", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", (bytes: Buffer) => {
        if (bytes.includes("/half")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      });
    });
    const controller = new AbortController();
    const [aborted, given] = await traced(async (manager) => {
      const waiting = manager.request(server.origin, { signal: controller.signal });
      await server.connection(1);
      controller.abort(new Error("s3cret"));
      await assert.rejects(waiting);
      (await manager.request(`${server.origin}/half`)).discard();
    });
    assert.equal(aborted?.attributes["error.type"], "_OTHER");
    assert.ok(!JSON.stringify([aborted.attributes, aborted.events, aborted.status]).includes("s3cret"));
    assert.deepEqual(given?.status, { code: SpanStatusCode.UNSET });
  });

  test("is there for each retry, and for nothing that memory answers", async () => {
    let asked = 0;
    await using server = await scriptedServer(
      answering(() => {
        asked += 1;
        return asked === 1
          ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
          : response("done", "Cache-Control: max-age=60");
      }),
    );
    const spans = await traced(
      async (manager) => {
        await (await manager.request(server.origin)).bytes();
        await (await manager.request(server.origin)).bytes();
      },
      { options: { retry: { backoffMilliseconds: 0 } } },
    );
    assert.deepEqual(
      spans.map(({ attributes }) => [attributes["http.response.status_code"], attributes["http.request.resend_count"]]),
      [
        [503, undefined],
        [200, 1],
      ],
    );
  });
});

describe("the trace", () => {
  /** What servers were told, in the order in which they were asked. */
  const told = (): unknown[] => fixture.network.requests.map(({ headers }) => headers["traceparent"]);
  const crossing = (): string =>
    `${fixture.network.origin("https", "a.fairlead.test")}/redirect/302?to=${encodeURIComponent(`${fixture.network.origin("https", "b.fairlead.test")}/echo`)}`;

  test("is told to nobody by default", async () => {
    fixture.network.clearRequests();
    await traced(async (manager) => (await manager.request(crossing())).bytes());
    assert.deepEqual(told(), [undefined, undefined]);
  });

  test("is told to the origin that was asked, and to none that it leads to", async () => {
    fixture.network.clearRequests();
    const [first] = await traced(async (manager) => (await manager.request(crossing())).bytes(), {
      instrumented: { propagate: true },
    });
    const { traceId = "", spanId = "" } = first?.spanContext() ?? {};
    assert.deepEqual(told(), [`00-${traceId}-${spanId}-01`, undefined]);
  });

  test("is told to the same host over TLS, where HSTS leads", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    instrument(manager, { propagate: true });
    fixture.network.clearRequests();
    await (await manager.request(`${either("http")}/echo`)).bytes();
    assert.equal(typeof told()[0], "string");
  });

  test("is told to whom a function says, and a field of the application's own stays", async () => {
    fixture.network.clearRequests();
    const propagate = ({ hostname }: URL): boolean => hostname === "b.fairlead.test";
    await traced(async (manager) => (await manager.request(crossing())).bytes(), { instrumented: { propagate } });
    assert.deepEqual(
      told().map((field) => typeof field),
      ["undefined", "string"],
    );
    fixture.network.clearRequests();
    await traced(
      async (manager) =>
        (await manager.request(`${fixture.network.https.origin}/echo`, { headers: { traceparent: "own" } })).bytes(),
      { instrumented: { propagate: true } },
    );
    assert.deepEqual(told(), ["own"]);
  });
});

test("a provider of its own takes the place of the one that is registered", async () => {
  const own = new InMemorySpanExporter();
  const tracerProvider: TracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(own)] });
  const spans = await traced(
    async (manager) => (await manager.request(`${fixture.network.https.origin}/echo`)).bytes(),
    {
      instrumented: { tracerProvider },
    },
  );
  assert.deepEqual([spans.length, own.getFinishedSpans().length], [0, 1]);
});

test("ended, it makes no more spans", async () => {
  await using manager = await openNetworkAccessManager();
  instrument(manager)[Symbol.dispose]();
  await assert.rejects(manager.request("http://127.0.0.1:1/"));
  assert.deepEqual(exporter.getFinishedSpans(), []);
});

test("without the package it says what to install", () => {
  const missing = Object.assign(
    () => {
      throw new Error("Cannot find module");
    },
    { resolve: undefined },
  );
  assert.throws(() => loadApi(missing as unknown as NodeJS.Require), {
    code: "PACKAGE_MISSING",
    remedy: "npm install @opentelemetry/api",
    message: /@opentelemetry\/api/,
  });
});
