import assert from "node:assert/strict";
import { cachingFamily } from "../../src/endpoints/caching.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(cachingFamily, {
  "/cache/max-age/:seconds": async ({ get }) => {
    const response = await get("/cache/max-age/60");
    assert.equal(response.status, 200);
    assert.deepEqual(response.field("cache-control"), ["max-age=60"]);
    assert.equal((await get("/cache/max-age/soon")).status, 400);
  },
  "/cache/etag/:tag": async ({ get }) => {
    const response = await get("/cache/etag/v1");
    assert.equal(response.status, 200);
    assert.deepEqual(response.field("etag"), ['"v1"']);
    assert.equal((await get("/cache/etag/v1", ['If-None-Match: "v0"'])).status, 200);
    const same = await get("/cache/etag/v1", ['If-None-Match: "v1"']);
    assert.equal(same.status, 304);
    assert.deepEqual(same.field("content-length"), []);
  },
});
