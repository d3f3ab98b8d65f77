import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { startNginx, type Nginx } from "@fairlead/conformance/peers";
import {
  acceptWebSocket,
  eventStream,
  reverseProxy,
  serve,
  type ReverseProxy,
  type RunningServer,
} from "@fairlead/server";
import { WebSocket } from "ws";

/** A client, our relay, nginx, and our server, in this order: nginx is both behind and in front of us. */
describe("with nginx between a relay and a server", () => {
  let server: RunningServer | undefined;
  let nginx: Nginx | undefined;
  let proxy: ReverseProxy | undefined;
  let front: RunningServer | undefined;
  let origin = "";
  before(async () => {
    server = await serve({
      fetch: async (request, context) => {
        switch (new URL(request.url).pathname) {
          case "/socket":
            return acceptWebSocket(request, context, async (socket) => {
              for await (const message of socket) await socket.send(message);
            });
          case "/events":
            return eventStream(request, context, async (stream) => {
              await stream.send({ data: "first" });
              await new Promise((resolve) => {
                stream.signal.addEventListener("abort", resolve);
              });
            });
          default:
            return Response.json({
              text: await request.text(),
              via: request.headers.get("via"),
              client: request.headers.get("x-forwarded-for"),
            });
        }
      },
    });
    nginx = await startNginx({
      target: `http://127.0.0.1:${String(server.port)}`,
      lines: [
        "proxy_http_version 1.1; proxy_set_header Host $http_host;",
        "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;",
      ],
    });
    proxy = reverseProxy({ target: `http://127.0.0.1:${String(nginx.port)}` });
    front = await serve({ fetch: proxy });
    origin = `http://127.0.0.1:${String(front.port)}`;
  });
  after(async () => {
    await front?.[Symbol.asyncDispose]();
    await proxy?.close();
    await nginx?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test("requests and answers go through whole", async () => {
    for (const text of ["", "hello", "x".repeat(1_000_000)]) {
      const response = await fetch(origin, { method: "POST", body: text });
      const seen = (await response.json()) as Record<string, unknown>;
      assert.deepEqual(seen, { text, via: "1.1 fairlead", client: "127.0.0.1" });
      assert.equal(response.headers.get("via"), "1.1 fairlead");
    }
  });

  test("a WebSocket goes through, and its origin is the one that its client knows", async () => {
    const client = new WebSocket(`${origin}/socket`, { headers: { origin } });
    await once(client, "open");
    client.send("x".repeat(100_000));
    assert.equal(String((await once(client, "message"))[0]).length, 100_000);
    client.close(3000);
    assert.equal((await once(client, "close"))[0], 3000);
  });

  test("events go through as they happen", async () => {
    const leaving = new AbortController();
    const response = await fetch(`${origin}/events`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    const read = await reader?.read();
    assert.equal(Buffer.from((read?.value ?? []) as Uint8Array).toString(), "data: first\n\n");
    leaving.abort();
  });
});
