import assert from "node:assert/strict";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { inspectionRoutes } from "../../../src/endpoints/httpbin/inspection.ts";
import { dechunk, type RawResponse } from "../../raw-client.ts";
import { describeFamily } from "../describe-family.ts";

const json = ({ body }: RawResponse): unknown => JSON.parse(body);

describeFamily(underPrefix(inspectionRoutes), {
  "/httpbin/headers": async ({ get }) => {
    const response = await get("/httpbin/headers", ["x-one: 1", "X-One: 2"]);
    assert.deepEqual(json(response), { headers: { Connection: "close", Host: "localhost", "X-One": "1,2" } });
  },
  "/httpbin/ip": async ({ get }) => {
    assert.deepEqual(json(await get("/httpbin/ip")), { origin: "127.0.0.1" });
  },
  "/httpbin/user-agent": async ({ get }) => {
    assert.deepEqual(json(await get("/httpbin/user-agent", ["User-Agent: raw/1"])), { "user-agent": "raw/1" });
  },
  "/httpbin/hostname": async ({ get }) => {
    assert.deepEqual(json(await get("/httpbin/hostname")), { hostname: "fairlead-testserver" });
  },
  "/httpbin/version": async ({ get }) => {
    assert.deepEqual(json(await get("/httpbin/version")), { version: "HTTP/1.1" });
  },
  "/httpbin/env": async ({ get }) => {
    assert.deepEqual(json(await get("/httpbin/env")), { env: {} });
  },
  "/httpbin/dump/request": async ({ send }) => {
    const { body } = await send("POST", "/httpbin/dump/request?a", ["x-One: 1"], "\xff");
    const head = "POST /httpbin/dump/request?a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1";
    assert.equal(body, `${head}\r\nx-One: 1\r\n\r\n\xff`);
  },
  "/httpbin/response-headers?NAME=VALUE": async ({ get }) => {
    const response = await get("/httpbin/response-headers?animal=dog&animal=cat&X=1");
    assert.deepEqual(response.field("animal"), ["dog", "cat"]);
    assert.deepEqual(json(response), {
      ...{ "Content-Length": `${response.body.length}`, "Content-Type": "application/json" },
      ...{ animal: ["dog", "cat"], X: "1" },
    });
    const text = await get("/httpbin/response-headers?content-type=text/plain");
    assert.deepEqual(text.field("content-type"), ["text/plain"]);
    assert.equal((await get("/httpbin/response-headers?Content-Length=1")).status, 400);
    assert.equal((await get("/httpbin/response-headers?a=b%0D%0Ac")).status, 400);
  },
  "/httpbin/trailers?NAME=VALUE": async ({ get }) => {
    const response = await get("/httpbin/trailers?X-Sum=1&X-Done=yes");
    assert.deepEqual(response.field("trailer"), ["X-Sum, X-Done"]);
    const { content, trailers } = dechunk(response.body);
    assert.deepEqual((JSON.parse(content) as { args: unknown }).args, { "X-Sum": "1", "X-Done": "yes" });
    assert.equal(trailers, "X-Sum: 1\r\nX-Done: yes\r\n\r\n");
    assert.equal((await get("/httpbin/trailers?Content-Length=1")).status, 400);
  },
  "/httpbin/cache": async ({ get }) => {
    const response = await get("/httpbin/cache");
    assert.equal(response.status, 200);
    assert.match(response.field("etag")[0] ?? "", /^"[0-9a-f]{32}"$/);
    assert.deepEqual(response.field("last-modified"), response.field("date"));
    assert.equal((await get("/httpbin/cache", ['If-None-Match: "x"'])).status, 304);
    assert.equal((await get("/httpbin/cache", ["If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT"])).status, 304);
  },
  "/httpbin/cache/:seconds": async ({ get }) => {
    assert.deepEqual((await get("/httpbin/cache/60")).field("cache-control"), ["public, max-age=60"]);
  },
  "/httpbin/etag/:etag": async ({ get, send }) => {
    assert.deepEqual((await get("/httpbin/etag/v1")).field("etag"), ['"v1"']);
    assert.equal((await get("/httpbin/etag/v1", ['If-None-Match: "v0", W/"v1"'])).status, 304);
    assert.equal((await get("/httpbin/etag/v1", ['If-None-Match: "v0"'])).status, 200);
    assert.equal((await send("PUT", "/httpbin/etag/v1", ['If-Match: "v0"'], "")).status, 412);
    assert.equal((await send("PUT", "/httpbin/etag/v1", ['If-Match: "v0", "v1"'], "")).status, 200);
    assert.equal((await send("PUT", "/httpbin/etag/v1", ["If-None-Match: *"], "")).status, 412);
  },
});
