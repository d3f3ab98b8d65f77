import assert from "node:assert/strict";
import { connectivityFamily } from "../../src/endpoints/connectivity.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(connectivityFamily, {
  "/probe/:outcome?after=60": async ({ get }) => {
    const statuses = { online: 204, empty: 200, page: 200, redirect: 302, elsewhere: 302, 511: 511, error: 500 };
    for (const [outcome, status] of Object.entries(statuses)) {
      assert.equal((await get(`/probe/${outcome}`)).status, status, outcome);
    }
    assert.equal((await get("/probe/empty")).body, "");
    assert.equal((await get("/probe/missing")).status, 404);
    const busy = await get("/probe/busy?after=7");
    assert.deepEqual([busy.status, busy.field("retry-after")], [503, ["7"]]);
    assert.equal((await get("/probe/else")).status, 400);
    assert.equal((await get("/probe/toString")).status, 400);
  },
  "/portal/probe": async ({ get }) => {
    await get("/portal/page?then=leave");
    const captive = await get("/portal/probe");
    assert.equal(captive.status, 302);
    assert.match(captive.field("location").join(), /^https:\/\/[^/]+\/portal\/page$/);
    await get("/portal/page?then=enter");
    assert.equal((await get("/portal/probe")).status, 204);
  },
  "/portal/page?then=enter|leave": async ({ get }) => {
    assert.equal((await get("/portal/page")).status, 200);
    assert.equal((await get("/portal/page?then=else")).status, 400);
  },
  "/portal/api?seconds=N&bytes=N": async ({ get }) => {
    await get("/portal/page?then=leave");
    const captive = await get("/portal/api?seconds=5");
    assert.deepEqual(captive.field("content-type"), ["application/captive+json"]);
    const document = JSON.parse(captive.body) as Record<string, unknown>;
    assert.deepEqual([document["captive"], document["seconds-remaining"]], [true, undefined]);
    await get("/portal/page?then=enter");
    const free = JSON.parse((await get("/portal/api?seconds=5&bytes=9")).body) as Record<string, unknown>;
    assert.deepEqual([free["captive"], free["seconds-remaining"], free["bytes-remaining"]], [false, 5, 9]);
  },
});
