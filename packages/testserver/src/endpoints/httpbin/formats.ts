import { promisify } from "node:util";
import { brotliCompress, deflate, gzip, zstdCompress } from "node:zlib";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { orderForm, page, robots, slideshow, slideshowXml, utf8Page } from "./documents.ts";
import { anyMethod, httpbinFamily, type HttpbinRoute, placeOf } from "./httpbin-route.ts";
import { pictures } from "./images.ts";
import { factsOf } from "./request-facts.ts";

const html = { "content-type": "text/html; charset=utf-8" };
const text = { "content-type": "text/plain; charset=utf-8" };

/** Documents, pictures and content codings. */
export const formatRoutes: EndpointFamily = httpbinFamily("formats", "answer in a format or coding, as httpbin does", [
  coded("gzip", "gzip", "gzipped", promisify<Buffer, Buffer>(gzip)),
  coded("deflate", "deflate", "deflated", promisify<Buffer, Buffer>(deflate)),
  coded("brotli", "br", "brotli", promisify<Buffer, Buffer>(brotliCompress)),
  coded("zstd", "zstd", "zstd", promisify<Buffer, Buffer>(zstdCompress)),
  fixed("/html", "answers with a page", (exchange) => {
    exchange.send(200, html, page);
  }),
  fixed("/json", "answers with a JSON document", (exchange) => {
    exchange.sendJson(slideshow);
  }),
  fixed("/xml", "answers with an XML document", (exchange) => {
    exchange.send(200, { "content-type": "application/xml" }, slideshowXml);
  }),
  fixed("/robots.txt", "answers with rules for robots, which keep them from /deny", (exchange) => {
    exchange.send(200, text, robots);
  }),
  fixed("/deny", "answers with what robots may not see", (exchange) => {
    exchange.send(200, text, "YOU SHOULDN'T BE HERE\n");
  }),
  fixed("/encoding/utf8", "answers with text of many scripts in UTF-8", (exchange) => {
    exchange.send(200, html, utf8Page);
  }),
  fixed("/forms/post", "answers with a form that posts an order to /post", (exchange) => {
    exchange.send(200, html, orderForm(placeOf(exchange, "/post")));
  }),
  fixed("/image", "answers with the picture that Accept asks for, PNG by default", (exchange) => {
    const accept = exchange.request.headers.accept ?? "image/png";
    const kind = ["webp", "svg", "jpeg", "png"].find((each) => accept.includes(pictures[each]?.mediaType ?? "none"));
    if (kind !== undefined) sendPicture(exchange, kind);
    else if (/(?:image|\*)\/\*/.test(accept)) sendPicture(exchange, "png");
    else exchange.sendLine(406, "pictures are image/webp, image/svg+xml, image/jpeg and image/png");
  }),
  ...Object.entries(pictures).map(([kind, { mediaType }]) =>
    fixed(`/image/${kind}`, `answers with a small ${mediaType}`, (exchange) => {
      sendPicture(exchange, kind);
    }),
  ),
]);

function fixed(path: string, does: string, handle: (exchange: Exchange) => void): HttpbinRoute {
  return { path, does, example: path, handle };
}

function coded(
  name: string,
  coding: string,
  member: string,
  compress: (bytes: Buffer) => Promise<Buffer>,
): HttpbinRoute {
  return {
    path: `/${name}`,
    methods: anyMethod,
    does: `tells the request in coding ${coding}`,
    example: `/${name}`,
    handle: async (exchange) => {
      const facts = { [member]: true, ...factsOf(exchange, "headers", "method", "origin") };
      const bytes = await compress(Buffer.from(`${JSON.stringify(facts, null, 2)}\n`));
      exchange.send(200, { "content-type": "application/json", "content-encoding": coding }, bytes);
    },
  };
}

function sendPicture(exchange: Exchange, kind: string): void {
  const { mediaType = "", bytes } = pictures[kind] ?? {};
  exchange.send(200, { "content-type": mediaType }, bytes?.());
}
