import assert from "node:assert/strict";
import { dynamicRoutes } from "../../../src/endpoints/httpbin/dynamic.ts";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { dechunk } from "../../raw-client.ts";
import { describeFamily } from "../describe-family.ts";

/** What `random.seed(0)` and ten times `random.randint(0, 255)` give in Python 3. */
const ofSeed0 = "c5d71484f8cf9bf4b76f";
const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");

describeFamily(underPrefix(dynamicRoutes), {
  "/httpbin/base64/:value?content-type=TYPE": async ({ get }) => {
    assert.equal((await get("/httpbin/base64/w6lh_-_w")).body, "\xc3\xa9a\xff\xef\xf0");
    const typed = await get("/httpbin/base64/e30=?content-type=application/json");
    assert.deepEqual([typed.body, typed.field("content-type")], ["{}", ["application/json"]]);
    assert.equal((await get("/httpbin/base64/$$$")).status, 400);
  },
  "/httpbin/base64/decode/:value?content-type=TYPE": async ({ get }) => {
    assert.equal((await get("/httpbin/base64/decode/aGVsbG8=")).body, "hello");
  },
  "/httpbin/base64/encode/:value?content-type=TYPE": async ({ get }) => {
    assert.equal((await get("/httpbin/base64/encode/hello")).body, "aGVsbG8=");
    assert.equal((await get("/httpbin/base64/encode/%C3%BF%C3%BF%C3%BF")).body, "w7_Dv8O_");
  },
  "/httpbin/uuid": async ({ get }) => {
    const uuids = [await get("/httpbin/uuid"), await get("/httpbin/uuid")].map(({ body }) => body);
    assert.match(uuids[0] ?? "", /"uuid": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/);
    assert.notEqual(uuids[0], uuids[1]);
  },
  "/httpbin/bytes/:n?seed=N": async ({ get }) => {
    const response = await get("/httpbin/bytes/10?seed=0");
    assert.equal(hex(response.body), ofSeed0);
    assert.deepEqual(response.field("content-length"), ["10"]);
    assert.notEqual((await get("/httpbin/bytes/16")).body, (await get("/httpbin/bytes/16")).body);
    assert.equal((await get("/httpbin/bytes/999999999")).body.length, 102_400);
    assert.equal((await get("/httpbin/bytes/-1")).status, 400);
    assert.equal((await get("/httpbin/bytes/1?seed=x")).status, 400);
  },
  "/httpbin/stream-bytes/:n?seed=N&chunk_size=10240": async ({ get }) => {
    const response = await get("/httpbin/stream-bytes/10?seed=0&chunk_size=4");
    assert.equal(hex(dechunk(response.body).content), ofSeed0);
    assert.match(response.body, /^4\r\n.{4}\r\n4\r\n.{4}\r\n2\r\n/s);
  },
  "/httpbin/stream/:n": async ({ get }) => {
    const { content } = dechunk((await get("/httpbin/stream/3?a=1")).body);
    const lines = content.trimEnd().split("\n");
    const facts = lines.map((line) => JSON.parse(line) as { readonly id: number; readonly args: unknown });
    assert.deepEqual(
      facts.map(({ id }) => id),
      [0, 1, 2],
    );
    assert.deepEqual(facts[0]?.args, { a: "1" });
    assert.equal(dechunk((await get("/httpbin/stream/500")).body).content.split("\n").length, 101);
  },
  "/httpbin/links/:n": async ({ get }) => {
    const response = await get("/httpbin/links/3");
    assert.deepEqual([response.status, response.field("location")], [302, ["/httpbin/links/3/0"]]);
  },
  "/httpbin/links/:n/:offset": async ({ get }) => {
    const { body } = await get("/httpbin/links/3/1");
    assert.match(body, /<a href='\/httpbin\/links\/3\/0'>0<\/a> 1 <a href='\/httpbin\/links\/3\/2'>2<\/a>/);
  },
});
