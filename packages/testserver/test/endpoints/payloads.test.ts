import assert from "node:assert/strict";
import { payloadFamily } from "../../src/endpoints/payloads.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(payloadFamily, {
  "/status/:code": async ({ get }) => {
    for (const code of [200, 204, 304, 418, 503, 599]) {
      const response = await get(`/status/${code}`);
      assert.equal(response.status, code);
      assert.equal(response.body, code === 204 || code === 304 ? "" : `status ${code}\n`);
    }
  },
  "/json": async ({ get }) => {
    const response = await get("/json");
    assert.equal(response.body.length, 1024);
    assert.deepEqual(response.field("content-length"), ["1024"]);
    assert.match(response.body, /"answer":42/);
  },
  "/bytes/:size": async ({ get }) => {
    const size = 200_000;
    const response = await get(`/bytes/${size}`);
    assert.deepEqual(response.field("content-length"), [`${size}`]);
    assert.equal(response.body.length, size);
    for (const index of [0, 250, 251, 65_536, size - 1]) assert.equal(response.body.charCodeAt(index), index % 251);
  },
});
