import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

const most = 1_000_000;
const contentType = { "content-type": "text/event-stream" };

/** Endpoints of server-sent events (WHATWG HTML section 9.2). */
export const eventStreamFamily: EndpointFamily = endpointFamily("events", "send events as they happen, and stop", [
  {
    path: "/events?each=2&of=6&retry=1",
    does: "sends the next few of so many numbered events behind Last-Event-ID, and ends; 204 once all were sent",
    example: "/events?each=2&of=6&retry=1",
    handle: async (exchange) => {
      if (await sendEvents(exchange)) exchange.response.end();
    },
  },
  {
    path: "/events/cut?each=2&of=6&retry=1",
    does: "does the same, and breaks off in the middle of the event after",
    example: "/events/cut?each=2&of=6&retry=1",
    handle: async (exchange) => {
      if (!(await sendEvents(exchange))) return;
      exchange.response.write("id: cut\ndata: half an ev", () => {
        exchange.request.socket.destroy();
      });
    },
  },
  {
    path: "/events/stall?each=2&of=6&retry=1",
    does: "does the same, and stays silent until the client goes away",
    example: "/events/stall?each=2&of=6&retry=1",
    handle: async (exchange) => {
      await sendEvents(exchange);
    },
  },
  {
    path: "/events/request",
    does: "sends one event: the request's method, fields and body as JSON; then stays silent",
    example: "/events/request",
    handle: ({ request, response, body }) => {
      response.writeHead(200, contentType);
      const facts = { method: request.method, headers: request.headers, body: Buffer.from(body).toString() };
      response.write(`event: request\ndata: ${JSON.stringify(facts)}\n\n`);
    },
  },
  {
    path: "/events/raw?text=TEXT",
    does: "sends the text as an event stream, and ends",
    example: "/events/raw?text=data%3A%20hello%0A%0A",
    handle: (exchange) => {
      exchange.send(200, contentType, exchange.text("text"));
    },
  },
  {
    path: "/events/flood?bytes=65536",
    does: "sends events of so many bytes as fast as the client takes them, until it goes away",
    example: "/events/flood?bytes=65536",
    handle: async (exchange) => {
      const bytes = exchange.integer("bytes", { min: 1, max: 16_777_216, otherwise: 65_536 });
      const event = `data: ${"x".repeat(bytes)}\n\n`;
      exchange.response.writeHead(200, contentType);
      for (;;) if (!exchange.response.write(event)) await exchange.drained();
    },
  },
]);

/** Sends what is next; false when nothing is, which it has then told. */
async function sendEvents(exchange: Exchange): Promise<boolean> {
  const each = exchange.integer("each", { min: 0, max: most, otherwise: 2 });
  const of = exchange.integer("of", { min: 0, max: most, otherwise: 6 });
  const retry = exchange.milliseconds("retry", 1);
  const { "last-event-id": field = "" } = exchange.request.headers;
  const last = /^\d{1,7}$/.test(String(field)) ? Number(field) : 0;
  if (last >= of) {
    exchange.send(204, {});
    return false;
  }
  exchange.response.writeHead(200, contentType);
  exchange.response.write(`: retry in a moment\nretry: ${retry}\n\n`);
  for (let id = last + 1; id <= Math.min(of, last + each); id += 1) {
    if (!exchange.response.write(`id: ${id}\ndata: event ${id}\n\n`)) await exchange.drained();
  }
  return true;
}
