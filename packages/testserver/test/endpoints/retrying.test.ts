import assert from "node:assert/strict";
import { retryingFamily } from "../../src/endpoints/retrying.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(retryingFamily, {
  "/retry-after/:seconds?as=seconds&status=503": async ({ get }) => {
    const response = await get("/retry-after/2");
    assert.deepEqual([response.status, response.field("retry-after")], [503, ["2"]]);
    const dated = await get("/retry-after/60?as=date&status=429");
    const ahead = Date.parse(dated.field("retry-after")[0] ?? "") - Date.parse(dated.field("date")[0] ?? "");
    assert.deepEqual([dated.status, ahead], [429, 60_000]);
    assert.equal((await get("/retry-after/2?as=never")).status, 400);
  },
  "/attempts/:key/:failures?status=503": async ({ get, scheme }) => {
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await get(`/attempts/${scheme}/2`)).status);
    assert.deepEqual(statuses, [503, 503, 200, 503]);
  },
  "/pages/:page/:of": async ({ get }) => {
    const relations = async (page: number): Promise<string> => {
      const [links = ""] = (await get(`/pages/${page}/3`)).field("link");
      return [...links.matchAll(/<\/pages\/(\d)\/3>; rel="(\w+)"/g)].map(([, to, name]) => `${name} ${to}`).join();
    };
    assert.equal(await relations(1), "first 1,next 2,last 3");
    assert.equal(await relations(2), "first 1,prev 1,next 3,last 3");
    assert.equal(await relations(3), "first 1,prev 2,last 3");
    assert.equal((await get("/pages/4/3")).status, 400);
    assert.match((await get("/pages/2/3")).body, /"items": \[\s*10,/);
  },
});
