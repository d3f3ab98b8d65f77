import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { describe, test } from "node:test";
import { reverseProxy, type ReverseProxyOptions } from "../../src/relay/index.ts";
import { startPlainServer } from "../plain-server.ts";

interface Upstream extends AsyncDisposable {
  readonly origin: string;
  readonly server: Server;
}

async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const server = createHttpServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    server,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function startProxy(options: ReverseProxyOptions) {
  const proxy = reverseProxy(options);
  const front = await startPlainServer(proxy);
  return {
    ...front,
    proxy,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}

describe("a reverse proxy", () => {
  test("passes on a request and its answer", async () => {
    await using upstream = await startUpstream((request, response) => {
      request.setEncoding("latin1");
      let text = "";
      request.on("data", (piece: string) => (text += piece));
      request.on("end", () => {
        response.setHeader("x-answer", "yes");
        response.statusCode = 201;
        response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, text }));
      });
    });
    await using front = await startProxy({ target: upstream.origin });
    const response = await fetch(`${front.origin}/a?b=c`, { method: "PUT", body: "hello", headers: { "x-own": "1" } });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("x-answer"), "yes");
    const seen = (await response.json()) as {
      method: string;
      url: string;
      text: string;
      headers: Record<string, string>;
    };
    assert.equal(seen.method, "PUT");
    assert.equal(seen.url, "/a?b=c");
    assert.equal(seen.text, "hello");
    assert.equal(seen.headers["x-own"], "1");
    assert.equal(seen.headers["host"], `127.0.0.1:${String(front.port)}`);
    assert.equal(seen.headers["via"], "1.1 fairlead");
  });
});
