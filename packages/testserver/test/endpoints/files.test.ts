import assert from "node:assert/strict";
import { fileFamily } from "../../src/endpoints/files.ts";
import { patternBytes } from "../../src/endpoints/payloads.ts";
import { describeFamily } from "./describe-family.ts";

const text = (from: number, to: number, version = 0): string =>
  patternBytes(to - from, from + 7 * version).toString("latin1");

describeFamily(fileFamily, {
  "/file/:size?version=0&validator=etag&cut=AT&changes=AT&ranges=yes&lie=none&digest=no&every=0": async (peer) => {
    const { get, raw } = peer;
    const whole = await get("/file/600?digest=yes");
    assert.deepEqual([whole.status, whole.body], [200, text(0, 600)]);
    assert.deepEqual(whole.field("etag"), ['"v0"']);
    assert.match(whole.field("repr-digest")[0] ?? "", /^sha-256=:.{44}:$/);

    const part = await get("/file/600", ["Range: bytes=100-199", 'If-Range: "v0"']);
    assert.deepEqual([part.status, part.body], [206, text(100, 200)]);
    assert.deepEqual(part.field("content-range"), ["bytes 100-199/600"]);
    assert.deepEqual((await get("/file/600", ["Range: bytes=500-"])).field("content-range"), ["bytes 500-599/600"]);
    assert.equal((await get("/file/600", ["Range: bytes=600-"])).status, 416);

    const changed = await get("/file/600?changes=100", ["Range: bytes=100-", 'If-Range: "v0"']);
    assert.deepEqual([changed.status, changed.body], [200, text(0, 600, 1)]);
    assert.equal((await get("/file/600?ranges=no", ["Range: bytes=100-"])).status, 200);

    const cut = await raw("/file/600?cut=300");
    assert.ok(cut.text.endsWith(`\r\n\r\n${text(0, 300)}`));
    assert.equal((await get("/file/600?cut=300", ["Range: bytes=300-"])).body, text(300, 600));

    for (const [lie, expected] of [
      ["first", text(101, 201)],
      ["another-range", text(101, 200)],
      ["total", text(100, 200)],
      ["multipart", text(100, 200)],
      ["other-version", text(100, 200, 1)],
    ] as const) {
      const answer = await get(`/file/600?lie=${lie}`, ["Range: bytes=100-199", 'If-Range: "v0"']);
      assert.deepEqual([answer.status, answer.body], [206, expected], lie);
    }
    assert.equal((await get("/file/600?lie=nothing", ["Range: bytes=1-2"])).status, 400);
    assert.equal((await get("/file/600?validator=unheard")).status, 400);
    assert.deepEqual((await get("/file/600?validator=date")).field("last-modified"), ["Thu, 01 Jan 2026 00:00:00 GMT"]);
  },
});
