/**
 * A service that takes an order and gives a receipt, both checked, made with one library, in a process of its own: `SIDE`.
 * Answers `port` with its port, and `cpu` with its CPU time in microseconds.
 */
import type { AddressInfo } from "node:net";
import { defineApi } from "@fairlead/rest";
import { serve } from "@fairlead/server";
import { answer } from "../measuring/child.ts";
import { orderJsonSchema, orderSchema, receiptJsonSchema, receiptSchema } from "./order.ts";
import type { RestSide } from "./sides.ts";

// The benchmark starts it with this.
const [side] = process.argv.slice(2) as [RestSide];
/** Nobody is to be sent away while others still come. */
const idle = 600_000;
const host = "127.0.0.1";

const starters: Record<RestSide, () => Promise<number>> = {
  async fairlead() {
    const api = defineApi({
      title: "Orders",
      version: "1",
      operations: {
        order: { method: "POST", path: "/orders", body: orderSchema, responses: { 200: receiptSchema } },
      },
    });
    const fetch = api.server({ order: ({ body }) => ({ ...body, id: 7 }) });
    return (await serve({ fetch, host, limits: { idleMilliseconds: idle } })).port ?? 0;
  },
  async fastify() {
    const { fastify } = await import("fastify");
    const app = fastify({ keepAliveTimeout: idle });
    const schema = { body: orderJsonSchema, response: { 200: receiptJsonSchema } };
    // Its types know no schema's; it was checked.
    app.post("/orders", { schema }, ({ body }) => ({ ...(body as object), id: 7 }));
    await app.listen({ port: 0, host });
    return (app.server.address() as AddressInfo).port;
  },
  async hono() {
    const [{ Hono }, { serve: serveHono }, { zValidator }] = await Promise.all([
      import("hono"),
      import("@hono/node-server"),
      import("@hono/zod-validator"),
    ]);
    const app = new Hono().post("/orders", zValidator("json", orderSchema), (context) =>
      // It does not check answers by itself.
      context.json(receiptSchema.parse({ ...context.req.valid("json"), id: 7 })),
    );
    return new Promise((resolve) => {
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: host }, ({ port: own }) => resolve(own));
      if ("keepAliveTimeout" in server) server.keepAliveTimeout = idle;
    });
  },
};

const port = await starters[side]();
answer((asked) => {
  const { user, system } = process.cpuUsage();
  return Promise.resolve(asked === "port" ? port : user + system);
});
