import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { formatRoutes } from "../../../src/endpoints/httpbin/formats.ts";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { type Check, describeFamily } from "../describe-family.ts";

describeFamily(underPrefix(formatRoutes), {
  "/httpbin/gzip": isCoded("gzip", "gzip", "gzipped", gunzipSync),
  "/httpbin/deflate": isCoded("deflate", "deflate", "deflated", inflateSync),
  "/httpbin/brotli": isCoded("brotli", "br", "brotli", brotliDecompressSync),
  "/httpbin/zstd": isCoded("zstd", "zstd", "zstd", zstdDecompressSync),
  "/httpbin/html": has("/html", "text/html; charset=utf-8", /^<!DOCTYPE html>.*<h1>/s),
  "/httpbin/json": has("/json", "application/json", /"slideshow"/),
  "/httpbin/xml": has("/xml", "application/xml", /^<\?xml .*<slideshow/s),
  "/httpbin/robots.txt": has("/robots.txt", "text/plain; charset=utf-8", /^User-agent: \*\nDisallow: \/deny\n$/),
  "/httpbin/deny": has("/deny", "text/plain; charset=utf-8", /YOU SHOULDN'T BE HERE/),
  "/httpbin/encoding/utf8": has("/encoding/utf8", "text/html; charset=utf-8", /\xf0\x9f\xa6\x8a/),
  "/httpbin/forms/post": has(
    "/forms/post",
    "text/html; charset=utf-8",
    /<form method="post" action="\/httpbin\/post">/,
  ),
  "/httpbin/image": async ({ get }) => {
    for (const [accept, type] of [
      ["image/webp, image/png", "image/webp"],
      ["image/svg+xml", "image/svg+xml"],
      ["image/jpeg", "image/jpeg"],
      ["image/*", "image/png"],
      ["*/*", "image/png"],
    ] as const) {
      const response = await get("/httpbin/image", [`Accept: ${accept}`]);
      assert.deepEqual(response.field("content-type"), [type], accept);
    }
    assert.deepEqual((await get("/httpbin/image")).field("content-type"), ["image/png"]);
    assert.equal((await get("/httpbin/image", ["Accept: text/html"])).status, 406);
  },
  "/httpbin/image/png": has("/image/png", "image/png", /^\x89PNG\r\n\x1a\n.*IEND.{4}$/s),
  "/httpbin/image/jpeg": has("/image/jpeg", "image/jpeg", /^\xff\xd8\xff\xe0..JFIF.*\xff\xd9$/s),
  "/httpbin/image/webp": has("/image/webp", "image/webp", /^RIFF.{4}WEBPVP8L/s),
  "/httpbin/image/svg": has("/image/svg", "image/svg+xml", /^<svg /),
});

function isCoded(name: string, coding: string, member: string, decode: (bytes: Buffer) => Buffer): Check {
  return async ({ send }) => {
    const response = await send("PUT", `/httpbin/${name}`, ["X-One: 1"], "");
    assert.deepEqual(response.field("content-encoding"), [coding]);
    const facts = JSON.parse(decode(Buffer.from(response.body, "latin1")).toString()) as Record<string, unknown>;
    assert.deepEqual([facts[member], facts["method"], facts["origin"]], [true, "PUT", "127.0.0.1"]);
  };
}

function has(path: string, type: string, content: RegExp): Check {
  return async ({ get }) => {
    const response = await get(`/httpbin${path}`);
    assert.deepEqual([response.status, response.field("content-type")], [200, [type]]);
    assert.match(response.body, content);
  };
}
