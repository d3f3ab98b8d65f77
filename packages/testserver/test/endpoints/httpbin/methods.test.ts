import assert from "node:assert/strict";
import { httpbinFamily, underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { methodRoutes } from "../../../src/endpoints/httpbin/methods.ts";
import type { RequestFacts } from "../../../src/endpoints/httpbin/request-facts.ts";
import { test } from "node:test";
import { type Check, describeFamily } from "../describe-family.ts";

function factsIn(body: string): RequestFacts {
  return JSON.parse(Buffer.from(body, "latin1").toString()) as RequestFacts;
}

const form = [
  "--b",
  'Content-Disposition: form-data; name="field"',
  "",
  "value",
  "--b",
  'Content-Disposition: form-data; name="file"; filename="x.bin"',
  "Content-Type: application/octet-stream",
  "",
  "\xff\xfe",
  "--b--",
  "",
].join("\r\n");

describeFamily(underPrefix(methodRoutes), {
  "/httpbin/get": async ({ get, send, scheme }) => {
    const response = await get("/httpbin/get?a=1&b=2&b=3", ["X-One: 1", "User-Agent: raw"]);
    const { args, headers, origin, url } = factsIn(response.body);
    assert.deepEqual(args, { a: "1", b: ["2", "3"] });
    assert.deepEqual(headers, { Connection: "close", Host: "localhost", "User-Agent": "raw", "X-One": "1" });
    assert.deepEqual([origin, url], ["127.0.0.1", `${scheme}://localhost/httpbin/get?a=1&b=2&b=3`]);
    assert.deepEqual(response.field("access-control-allow-origin"), ["*"]);
    assert.ok(response.body.endsWith("\n"));

    const proxied = await get("/httpbin/get", [
      "X-Forwarded-Proto: https",
      "X-Forwarded-For: 192.0.2.7",
      "Origin: null",
    ]);
    assert.ok(factsIn(proxied.body).url.startsWith("https://"));
    assert.equal(factsIn(proxied.body).origin, "192.0.2.7");
    assert.deepEqual(proxied.field("access-control-allow-origin"), ["null"]);

    const wrong = await send("POST", "/httpbin/get", [], "");
    assert.deepEqual([wrong.status, wrong.field("allow")], [405, ["GET, HEAD, OPTIONS"]]);
    const preflight = await send("OPTIONS", "/httpbin/get", ["Access-Control-Request-Headers: X-Test"], "");
    assert.equal(preflight.status, 200);
    assert.deepEqual(preflight.field("access-control-allow-methods"), ["GET, POST, PUT, DELETE, PATCH, OPTIONS"]);
    assert.deepEqual(preflight.field("access-control-max-age"), ["3600"]);
    assert.deepEqual(preflight.field("access-control-allow-headers"), ["X-Test"]);
  },
  "/httpbin/head": async ({ get, send }) => {
    const response = await send("HEAD", "/httpbin/head", [], "");
    assert.deepEqual([response.status, response.body], [200, ""]);
    const { body, field } = await get("/httpbin/get");
    assert.deepEqual(response.field("content-type"), field("content-type"));
    // It tells the URL too, which is a letter longer.
    assert.deepEqual(response.field("content-length"), [String(body.length + 1)]);
  },
  "/httpbin/post": takesBodies("POST"),
  "/httpbin/put": takesBodies("PUT"),
  "/httpbin/patch": takesBodies("PATCH"),
  "/httpbin/delete": takesBodies("DELETE"),
  "/httpbin/anything": async ({ send }) => {
    const { body } = await send("PATCH", "/httpbin/anything?a", ["Content-Type: text/plain"], "hello");
    const { method, data, args } = factsIn(body);
    assert.deepEqual([method, data, args], ["PATCH", "hello", { a: "" }]);
  },
  "/httpbin/anything/:anything*": async ({ get }) => {
    const { url, method } = factsIn((await get("/httpbin/anything/x/y%20z/")).body);
    assert.ok(url.endsWith("/httpbin/anything/x/y%20z/"));
    assert.equal(method, "GET");
  },
});

function takesBodies(method: string): Check {
  return async ({ send }) => {
    const path = `/httpbin/${method.toLowerCase()}`;
    const post = async (type: string, content: string): Promise<RequestFacts> =>
      factsIn((await send(method, path, [`Content-Type: ${type}`], content)).body);

    const json = await post("application/json", '{"a":[1]}');
    assert.deepEqual([json.json, json.data], [{ a: [1] }, '{"a":[1]}']);
    const urlencoded = await post("application/x-www-form-urlencoded", "a=1&a=%C3%A9&b=");
    assert.deepEqual([urlencoded.form, urlencoded.data, urlencoded.json], [{ a: ["1", "é"], b: "" }, "", null]);
    const multipart = await post("multipart/form-data; boundary=b", form);
    assert.deepEqual(multipart.form, { field: "value" });
    assert.deepEqual(multipart.files, { file: "data:application/octet-stream;base64,//4=" });
    const binary = await post("application/octet-stream", "\x01\x81");
    assert.equal(binary.data, "data:application/octet-stream;base64,AYE=");
    assert.equal((await send(method, path, ["Content-Type: multipart/form-data; boundary=b"], "--b")).status, 400);
    assert.equal((await send("GET", path, [], "")).status, 405);
  };
}

test("a family under the prefix keeps everything but its paths", () => {
  const handle = (): void => undefined;
  const family = httpbinFamily("x", "do something", [{ path: "/x", does: "does something", example: "/x?a", handle }]);
  const [endpoint] = underPrefix(family).endpoints;
  assert.deepEqual([endpoint?.path, endpoint?.example], ["/httpbin/x", "/httpbin/x?a"]);
});
