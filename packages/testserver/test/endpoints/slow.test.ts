import assert from "node:assert/strict";
import { slowFamily } from "../../src/endpoints/slow.ts";
import { describeFamily } from "./describe-family.ts";

const tenBytes = "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09";

describeFamily(slowFamily, {
  "/delay/:ms": async ({ get }) => {
    assert.equal((await get("/delay/5")).body, "waited 5 ms\n");
    assert.equal((await get("/delay/600001")).status, 400);
  },
  "/slow?bytes=1000&chunk=100&every=10": async ({ get }) => {
    const response = await get("/slow?bytes=25&chunk=10&every=1");
    assert.deepEqual(response.field("content-length"), ["25"]);
    assert.equal(response.body.length, 25);
    assert.ok(response.body.startsWith(tenBytes));
  },
  "/drip?bytes=1000&every=10": async ({ get }) => {
    assert.equal((await get("/drip?bytes=10&every=0")).body, tenBytes);
  },
  "/stall/response": async ({ network, raw, get }) => {
    const leave = new AbortController();
    const answer = raw("/stall/response?abandoned", leave.signal);
    await network.waitForRequest(({ target }) => target === "/stall/response?abandoned");
    // A later request overtakes it; that nothing ever comes can't be shown by waiting.
    assert.equal((await get("/status/200")).status, 200);
    leave.abort();
    assert.deepEqual(await answer, { text: "", ending: "open" });
    network.clearRequests();
  },
  "/stall/headers": async ({ raw }) => {
    const answer = await raw("/stall/headers", "text/pl");
    assert.deepEqual(answer, { text: "HTTP/1.1 200 OK\r\nContent-Type: text/pl", ending: "open" });
  },
  "/stall/body?after=10&of=100": async ({ raw }) => {
    const answer = await raw("/stall/body?after=10&of=100", tenBytes);
    assert.match(answer.text, /\r\ncontent-length: 100\r\n/);
    assert.equal(answer.ending, "open");
    assert.ok(answer.text.endsWith(tenBytes));
  },
  "/stall/chunked?after=10": async ({ raw }) => {
    const answer = await raw("/stall/chunked?after=10", `\r\n\r\na\r\n${tenBytes}\r\n`);
    assert.match(answer.text, /\r\ntransfer-encoding: chunked\r\n/i);
    assert.equal(answer.ending, "open");
  },
});
