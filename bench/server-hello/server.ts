/**
 * A server that says hello in JSON, made with one library, in a process of its own: `SIDE PROTOCOL`. Answers `port` with its
 * port, `cpu` with its CPU time in microseconds, and `memory` with its resident bytes.
 */
import { createServer, type RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { serve, fromNodeHandler, LeanResponse, type FetchHandler } from "@fairlead/server";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { answer } from "../measuring/child.ts";
import type { HelloProtocol, HelloSide } from "./sides.ts";

// The benchmark starts it with these.
const [side, protocol] = process.argv.slice(2) as [HelloSide, HelloProtocol];
/** Nobody is to be sent away while others still come. */
const idle = 600_000;
const hello = { hello: "world" };
const host = "127.0.0.1";
const identity =
  protocol === "http"
    ? undefined
    : await mintCertificate({ issuer: await mintAuthority(), names: [host] }).then(({ certificate, privateKey }) => ({
        cert: certificate,
        key: privateKey,
      }));

const listener: RequestListener = (_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(hello));
};

const starters: Record<HelloSide, () => Promise<number>> = {
  fairlead: () => fairlead(() => LeanResponse.json(hello)),
  "fairlead, Response": () => fairlead(() => Response.json(hello)),
  "fairlead, Hono": async () => fairlead((await honoApp()).fetch),
  "fairlead, (req, res)": () => fairlead(fromNodeHandler(listener)),
  "fairlead, express": async () => fairlead(fromNodeHandler(await expressApp())),
  "node:http": () => node(listener),
  express: async () => node(await expressApp()),
  async fastify() {
    const { fastify } = await import("fastify");
    // Its types tell servers apart that are used alike here.
    const secured = { http2: protocol === "h2", https: identity } as Record<string, unknown>;
    const app = fastify(identity === undefined ? {} : secured);
    app.get("/", () => hello);
    await app.listen({ port: 0, host });
    return portOf(app.server);
  },
  async hono() {
    const { serve: serveHono } = await import("@hono/node-server");
    const app = await honoApp();
    return new Promise((resolve) => {
      const tls = identity === undefined ? {} : { createServer: createTlsServer, serverOptions: identity };
      serveHono({ fetch: app.fetch, port: 0, hostname: host, ...tls }, (address) => resolve(address.port));
    });
  },
  async srvx() {
    const srvx = await import("srvx/node");
    const server = srvx.serve({
      port: 0,
      hostname: host,
      silent: true,
      ...(identity !== undefined && { tls: identity }),
      fetch: () => srvx.FastResponse.json(hello),
    });
    await server.ready();
    return Number(new URL(server.url ?? "").port);
  },
};

const port = await starters[side]();
answer(async (asked) => {
  if (asked === "port") return port;
  if (asked === "memory") return residentBytes();
  const { user, system } = process.cpuUsage();
  return user + system;
});

/** What is left once the collector, whose threads give pages back when they come to it, has nothing more to give. */
async function residentBytes(): Promise<number> {
  for (let round = 0; round < 10; round += 1) {
    globalThis.gc?.();
    await delay(20);
  }
  return process.memoryUsage.rss();
}

async function fairlead(fetch: FetchHandler): Promise<number> {
  const tls =
    identity === undefined ? undefined : { identity: { certificate: identity.cert, privateKey: identity.key } };
  return (await serve({ fetch, host, tls, limits: { idleMilliseconds: idle } })).port ?? 0;
}

async function node(handler: RequestListener): Promise<number> {
  if (identity === undefined) return listen(createServer(handler));
  if (protocol === "https") return listen(createTlsServer(identity, handler));
  // What its compatibility gives handlers is what these use.
  return listen(createSecureServer(identity, handler as never));
}

async function listen(server: Server & { keepAliveTimeout?: number }): Promise<number> {
  server.keepAliveTimeout = idle;
  await new Promise<void>((listening) => server.listen(0, host, listening));
  return portOf(server);
}

function portOf(server: Server): number {
  // It listens on TCP.
  return (server.address() as AddressInfo).port;
}

async function honoApp(): Promise<{ readonly fetch: (request: Request) => Response | Promise<Response> }> {
  const { Hono } = await import("hono");
  const app = new Hono();
  app.get("/", (context) => context.json(hello));
  return { fetch: (request) => app.fetch(request) };
}

async function expressApp(): Promise<RequestListener> {
  const { default: express } = await import("express");
  const app = express();
  app.get("/", (_request, response) => {
    response.json(hello);
  });
  return app;
}
