import { PolicyError, ProtocolError } from "@fairlead/core";
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "node:test";
import {
  accessLog,
  nameRoute,
  serve,
  type AccessLog,
  type AccessLogOptions,
  type ExchangeEnd,
} from "../../src/index.ts";
import { exchangeFor, factsOf } from "./noted-exchange.ts";

const done: ExchangeEnd = { status: 200, bytesIn: 0, bytesOut: 0, error: undefined };

function answer(log: AccessLog, exchange = exchangeFor(), end = done): void {
  log.onExchange?.(exchange);
  log.onEnd?.(exchange, end);
}

/** A stream that takes one write, and the next when it is told to. */
class SlowStream extends Writable {
  readonly written: string[] = [];
  #take: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1, decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, callback: () => void): void {
    this.written.push(chunk);
    this.#take = callback;
  }

  take(): void {
    this.#take?.();
  }
}

/** What is logged meanwhile, by line. */
async function logged(use: (log: AccessLog) => void, options: AccessLogOptions = {}): Promise<readonly string[]> {
  const to = new PassThrough({ encoding: "utf8" });
  const log = accessLog({ to, ...options });
  use(log);
  await log.flush();
  const text: unknown = to.read();
  return typeof text === "string" ? text.trimEnd().split("\n") : [];
}

async function loggedRecords(use: (log: AccessLog) => void, options?: AccessLogOptions): Promise<unknown[]> {
  return (await logged(use, options)).map((line) => {
    const {
      timestamp,
      "http.server.request.duration": duration,
      ...rest
    } = JSON.parse(line) as Record<string, unknown>;
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.ok(duration === undefined || (typeof duration === "number" && duration >= 0));
    return rest;
  });
}

describe("an access log", () => {
  test("has a line for each request that is over", async () => {
    const exchange = exchangeFor({
      method: "POST",
      path: "/orders?code=1f",
      fields: ["host", "a.example", "user-agent", "curl/8", "cookie", "sid=31d4", "x-a", "1", "x-a", "2"],
    });
    const records = await loggedRecords(
      (log) => answer(log, exchange, { ...done, status: 201, bytesIn: 4, bytesOut: 8 }),
      { fields: ["x-a", "x-b"] },
    );
    assert.deepEqual(records, [
      {
        "http.request.method": "POST",
        "url.scheme": "http",
        "server.address": "a.example",
        "url.path": "/orders",
        "url.query": "code=REDACTED",
        "network.protocol.version": "1.1",
        "user_agent.original": "curl/8",
        "http.request.header.x-a": "1, 2",
        "http.response.status_code": 201,
        "http.request.body.size": 4,
        "http.response.body.size": 8,
        "client.address": "192.0.2.7",
      },
    ]);
  });

  test("tells the client from who forwards for it, and the route, where a proxy is believed", async () => {
    const to = new PassThrough({ encoding: "utf8" });
    const log = accessLog({ to });
    await using running = await serve({
      fetch: (request) => {
        nameRoute(request, "/:name");
        return new Response();
      },
      observers: [log],
      forwarded: { from: ["127.0.0.1", "::1"] },
    });
    await (await fetch(`${running.url ?? ""}/a`, { headers: { forwarded: "for=203.0.113.9" } })).text();
    while (to.readableLength === 0) await nextTurn();
    const record = JSON.parse(String(to.read())) as Record<string, unknown>;
    assert.equal(record["client.address"], "203.0.113.9");
    assert.match(String(record["network.peer.address"]), /^(127\.0\.0\.1|::1)$/);
    assert.equal(record["http.route"], "/:name");
  });

  test("has a line for what no handler saw, and for a connection that failed", async () => {
    const records = await loggedRecords((log) => {
      log.onRefusal?.(factsOf(), { status: 414, error: new ProtocolError("REQUEST_TARGET_TOO_LONG") });
      log.onConnectionFailure?.(new PolicyError("CONNECTION_LIMIT"), factsOf());
    });
    assert.deepEqual(records, [
      {
        "http.response.status_code": 414,
        "http.request.body.size": 0,
        "http.response.body.size": 0,
        "client.address": "192.0.2.7",
        "error.type": "REQUEST_TARGET_TOO_LONG",
      },
      { "event.name": "connection.failed", "client.address": "192.0.2.7", "error.type": "CONNECTION_LIMIT" },
    ]);
  });

  test("may be written in the Combined Log Format", async () => {
    const lines = await logged((log) => answer(log), { format: "combined" });
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^192\.0\.2\.7 - - \[.*\] "GET \/ HTTP\/1\.1" 200 - "-" "-"$/);
  });

  test("writes the lines of one turn at once", async () => {
    const to = new SlowStream();
    const log = accessLog({ to });
    answer(log);
    answer(log);
    assert.equal(to.written.join(""), "");
    await nextTurn();
    assert.equal(to.written.length, 1);
    assert.equal(to.written.join("").split("\n").length, 3);
  });

  test("keeps no more than it may for a slow reader, and says how many lines that has cost", async () => {
    const to = new SlowStream();
    const log = accessLog({ to, bufferBytes: 1_000 });
    for (let count = 0; count < 100; count += 1) answer(log);
    await nextTurn();
    const first = to.written.join("");
    assert.ok(first.length <= 1_000);
    const kept = first.split("\n").length - 1;
    assert.equal(log.dropped, 100 - kept);
    to.take();
    answer(log);
    await nextTurn();
    const [event, record] = (to.written[1] ?? "")
      .split("\n")
      .map((line) => JSON.parse(line === "" ? "0" : line) as unknown);
    assert.ok(typeof event === "object" && event !== null && "log.dropped.count" in event);
    assert.equal(event["log.dropped.count"], 100 - kept);
    assert.ok(typeof record === "object");
  });

  test("goes on when its stream fails, and counts what that costs", async () => {
    const to = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error("disk full")) });
    const log = accessLog({ to });
    const closed = new Promise<void>((resolve) => {
      to.once("close", resolve);
    });
    answer(log);
    await closed;
    answer(log);
    await log.flush();
    assert.equal(log.dropped, 1);
  });
});
