import { randomUUID } from "node:crypto";
import { BadRequest } from "../bad-request.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { anyMethod, httpbinFamily, type HttpbinRoute, placeOf } from "./httpbin-route.ts";
import { factsOf } from "./request-facts.ts";
import { randomByte } from "./seeded-random.ts";
import { randomOf } from "./status.ts";

const mostBytes = 102_400;

/** Data that is made for the request. */
export const dynamicRoutes: EndpointFamily = httpbinFamily("dynamic", "answer with made-up data, as httpbin does", [
  base64("/base64/:value", "decodes base64 or base64url", decode),
  base64("/base64/decode/:value", "decodes base64 or base64url, too", decode),
  base64("/base64/encode/:value", "encodes text as base64url", (value) =>
    Buffer.from(Buffer.from(value).toString("base64url") + padding(value)),
  ),
  {
    path: "/uuid",
    does: "answers with a random UUID",
    example: "/uuid",
    handle: (exchange) => exchange.sendJson({ uuid: randomUUID() }),
  },
  {
    path: "/bytes/:n?seed=N",
    does: "answers with up to 102,400 random bytes, with a seed the ones that Python's random gives",
    example: "/bytes/16?seed=0",
    handle: (exchange) => {
      const words = randomOf(exchange);
      const bytes = Buffer.from(Array.from({ length: countOf(exchange) }, () => randomByte(words)));
      exchange.send(200, { "content-type": "application/octet-stream" }, bytes);
    },
  },
  {
    path: "/stream-bytes/:n?seed=N&chunk_size=10240",
    does: "sends random bytes in chunks",
    example: "/stream-bytes/16?seed=0&chunk_size=5",
    handle: async (exchange) => {
      const [words, count] = [randomOf(exchange), countOf(exchange)];
      const size = exchange.integer("chunk_size", { min: 1, max: mostBytes, otherwise: 10_240 });
      exchange.response.writeHead(200, { "content-type": "application/octet-stream" });
      for (let at = 0; at < count; at += size) {
        const chunk = Buffer.from(Array.from({ length: Math.min(size, count - at) }, () => randomByte(words)));
        if (!exchange.response.write(chunk)) await exchange.drained();
      }
      exchange.response.end();
    },
  },
  {
    path: "/stream/:n",
    does: "sends up to 100 lines, each a JSON object with its number",
    example: "/stream/3",
    handle: async (exchange) => {
      const facts = factsOf(exchange, "args", "headers", "origin", "url");
      const count = Math.min(exchange.integer("n", { min: 0, max: 999_999 }), 100);
      exchange.response.writeHead(200, { "content-type": "application/json" });
      for (let id = 0; id < count; id += 1) {
        if (!exchange.response.write(`${JSON.stringify({ ...facts, id })}\n`)) await exchange.drained();
      }
      exchange.response.end();
    },
  },
  {
    path: "/links/:n",
    does: "redirects to the first of so many pages that link to each other",
    example: "/links/3",
    handle: (exchange) => {
      exchange.send(302, { location: placeOf(exchange, `/links/${linksOf(exchange)}/0`) });
    },
  },
  {
    path: "/links/:n/:offset",
    does: "answers with a page that links to all the others",
    example: "/links/3/0",
    handle: (exchange) => {
      const [count, here] = [linksOf(exchange), exchange.integer("offset", { min: 0, max: 1000 })];
      const links = Array.from({ length: count }, (_, index) =>
        index === here ? `${index}` : `<a href='${placeOf(exchange, `/links/${count}/${index}`)}'>${index}</a>`,
      );
      const page = `<html><head><title>Links</title></head><body>${links.join(" ")}</body></html>`;
      exchange.send(200, { "content-type": "text/html; charset=utf-8" }, page);
    },
  },
]);

function base64(path: string, does: string, transform: (value: string) => Buffer): HttpbinRoute {
  return {
    path: `${path}?content-type=TYPE`,
    methods: anyMethod,
    does,
    example: path.replace(":value", path.includes("encode") ? "hello" : "aGVsbG8="),
    handle: (exchange) => {
      const type = exchange.text("content-type", "text/plain; charset=utf-8");
      exchange.send(200, { "content-type": type }, transform(exchange.text("value")));
    },
  };
}

function decode(value: string): Buffer {
  if (!/^[\w+/-]*={0,2}$/.test(value)) throw new BadRequest("this is no base64");
  return Buffer.from(value, "base64");
}

function padding(value: string): string {
  return "=".repeat((3 - (Buffer.byteLength(value) % 3)) % 3);
}

function countOf(exchange: Exchange): number {
  return Math.min(exchange.integer("n", { min: 0, max: 999_999_999 }), mostBytes);
}

function linksOf(exchange: Exchange): number {
  return Math.min(exchange.integer("n", { min: 1, max: 999_999 }), 200);
}
