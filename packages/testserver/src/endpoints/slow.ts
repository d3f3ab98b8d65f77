import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { patternBytes } from "./payloads.ts";

const largestBytes = 16_777_216;

/** Endpoints that take their time, and those that stop for good: a stall lasts until the client goes away. */
export const slowFamily: EndpointFamily = endpointFamily(
  "slow",
  "take their time, or stop until the client goes away",
  [
    {
      path: "/delay/:ms",
      does: "answers after this many milliseconds",
      example: "/delay/10",
      handle: async (exchange) => {
        const delay = exchange.milliseconds("ms");
        await exchange.pause(delay);
        exchange.sendLine(200, `waited ${delay} ms`);
      },
    },
    {
      path: "/slow?bytes=1000&chunk=100&every=10",
      does: "sends a body in pieces of chunk bytes, one every so many milliseconds",
      example: "/slow?bytes=30&chunk=10&every=5",
      handle: async (exchange) => {
        const chunk = exchange.integer("chunk", { min: 1, max: largestBytes, otherwise: 100 });
        await drip(exchange, chunk);
      },
    },
    {
      path: "/drip?bytes=1000&every=10",
      does: "sends a body byte by byte, one every so many milliseconds",
      example: "/drip?bytes=3&every=5",
      handle: (exchange) => drip(exchange, 1),
    },
    {
      path: "/stall/response",
      does: "takes the request and never answers",
      example: "/stall/response",
      handle: () => undefined,
    },
    {
      path: "/stall/headers",
      does: "sends the status line and half a header field, then nothing more",
      example: "/stall/headers",
      handle: (exchange) => exchange.takeConnection().write("HTTP/1.1 200 OK\r\nContent-Type: text/pl"),
    },
    {
      path: "/stall/body?after=10&of=100",
      does: "sends the first bytes of a body whose Content-Length promises more, then nothing more",
      example: "/stall/body?after=10",
      handle: (exchange) => {
        const of = exchange.integer("of", { min: 1, max: largestBytes, otherwise: 100 });
        const after = exchange.integer("after", { min: 0, max: of - 1, otherwise: Math.min(10, of - 1) });
        exchange.response.writeHead(200, { "content-length": of });
        exchange.response.flushHeaders();
        exchange.response.write(patternBytes(after));
      },
    },
    {
      path: "/stall/chunked?after=10",
      does: "sends the first chunk of a body, then nothing more",
      example: "/stall/chunked?after=10",
      handle: (exchange) => {
        const after = exchange.integer("after", { min: 1, max: largestBytes, otherwise: 10 });
        exchange.response.writeHead(200);
        exchange.response.write(patternBytes(after));
      },
    },
  ],
);

async function drip(exchange: Exchange, chunk: number): Promise<void> {
  const bytes = exchange.integer("bytes", { min: 0, max: largestBytes, otherwise: 1000 });
  const every = exchange.milliseconds("every", 10);
  exchange.response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes });
  exchange.response.flushHeaders();
  for (let at = 0; at < bytes; at += chunk) {
    if (at > 0) await exchange.pause(every);
    if (!exchange.response.write(patternBytes(Math.min(chunk, bytes - at), at))) await exchange.drained();
  }
  exchange.response.end();
}
