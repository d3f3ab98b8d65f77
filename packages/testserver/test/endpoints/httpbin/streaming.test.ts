import assert from "node:assert/strict";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { streamingRoutes } from "../../../src/endpoints/httpbin/streaming.ts";
import { dechunk, talk } from "../../raw-client.ts";
import { describeFamily } from "../describe-family.ts";

describeFamily(underPrefix(streamingRoutes), {
  "/httpbin/delay/:seconds": async ({ get, send, raw, network }) => {
    const { status, body } = await send("POST", "/httpbin/delay/0.001?a=1", [], "hello");
    const facts = JSON.parse(body) as { readonly args: unknown; readonly data: string };
    assert.deepEqual([status, facts.args, facts.data], [200, { a: "1" }, "hello"]);
    assert.equal((await get("/httpbin/delay/10ms")).status, 200);
    assert.equal((await get("/httpbin/delay/soon")).status, 400);

    const leaving = new AbortController();
    const answer = raw("/httpbin/delay/10", leaving.signal);
    await network.waitForRequest(({ target }) => target === "/httpbin/delay/10");
    leaving.abort();
    assert.equal((await answer).text, "", "it had not answered when the client left");
    network.clearRequests();
  },
  "/httpbin/drip?duration=2&numbytes=10&code=200&delay=0": async ({ get }) => {
    const response = await get("/httpbin/drip?duration=0.01&numbytes=4&code=500");
    assert.deepEqual([response.status, response.body], [500, "****"]);
    assert.deepEqual(response.field("content-length"), ["4"]);
    assert.equal((await get("/httpbin/drip?numbytes=0")).status, 400);
    assert.equal((await get("/httpbin/drip?code=100")).status, 400);
  },
  "/httpbin/range/:n?chunk_size=N&duration=0": async ({ get }) => {
    const whole = await get("/httpbin/range/28");
    assert.deepEqual([whole.status, whole.body], [200, "abcdefghijklmnopqrstuvwxyzab"]);
    assert.deepEqual(whole.field("content-range"), ["bytes 0-27/28"]);
    assert.deepEqual([whole.field("etag"), whole.field("accept-ranges")], [["range28"], ["bytes"]]);
    for (const [range, status, body, contentRange] of [
      ["bytes=10-14", 206, "klmno", "bytes 10-14/26"],
      ["bytes=20-", 206, "uvwxyz", "bytes 20-25/26"],
      ["bytes=-5", 206, "vwxyz", "bytes 21-25/26"],
      ["bytes=0-40", 416, "", "bytes */26"],
      ["bytes=10-5", 416, "", "bytes */26"],
      ["bytes=32-40", 416, "", "bytes */26"],
      ["lines=1-2", 200, "abcdefghijklmnopqrstuvwxyz", "bytes 0-25/26"],
    ] as const) {
      const part = await get("/httpbin/range/26?chunk_size=2&duration=0.01", [`Range: ${range}`]);
      assert.deepEqual([part.status, part.body, part.field("content-range")], [status, body, [contentRange]], range);
    }
    assert.equal((await get("/httpbin/range/0")).status, 404);
  },
  "/httpbin/sse?count=10&duration=5&delay=0": async ({ get }) => {
    const response = await get("/httpbin/sse?count=3&duration=0.01");
    assert.deepEqual(response.field("content-type"), ["text/event-stream; charset=utf-8"]);
    const events = dechunk(response.body).content.split("\n\n").slice(0, -1);
    assert.equal(events.length, 3);
    assert.match(events[2] ?? "", /^event: ping\ndata: \{"id":2,"timestamp":\d+\}$/);
    assert.equal((await get("/httpbin/sse?count=0")).status, 400);
  },
  "/httpbin/websocket/echo?max_message_size=N": async ({ get, network, scheme }) => {
    assert.equal((await get("/httpbin/websocket/echo")).status, 400);
    const handshake = [
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const head = [
      "GET /httpbin/websocket/echo HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade",
      ...handshake,
      "",
      "",
    ];
    // A masked text comes back without the mask.
    const { text } = await talk(network, scheme, `${head.join("\r\n")}\x81\x82\0\0\0\0hi`, "\x81\x02hi");
    assert.match(text, /^HTTP\/1\.1 101 /);
  },
});
