import assert from "node:assert/strict";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { statusRoutes } from "../../../src/endpoints/httpbin/status.ts";
import { describeFamily } from "../describe-family.ts";

describeFamily(underPrefix(statusRoutes), {
  "/httpbin/status/:codes?seed=N": async ({ get, send }) => {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"]) {
      assert.equal((await send(method, "/httpbin/status/418", [], "")).status, 418, method);
    }
    assert.match((await get("/httpbin/status/418")).body, /tea/);
    assert.deepEqual((await get("/httpbin/status/302")).field("location"), ["/httpbin/redirect/1"]);
    assert.deepEqual((await get("/httpbin/status/401")).field("www-authenticate"), ['Basic realm="Fake Realm"']);
    assert.deepEqual((await get("/httpbin/status/407")).field("proxy-authenticate"), ['Basic realm="Fake Realm"']);
    assert.deepEqual((await get("/httpbin/status/204")).body, "");
    const seen: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const target = `/httpbin/status/200:3,503:1?seed=${seed}`;
      const { status } = await get(target);
      assert.equal((await get(target)).status, status, "a seed gives the same again");
      seen.push(status);
    }
    const failed = seen.filter((status) => status === 503).length;
    assert.ok(failed > 0 && failed < 10, `${failed} of 20 are of weight 1 in 4`);
    for (const codes of ["100", "600", "abc", "200:x", "200:-1"]) {
      assert.equal((await get(`/httpbin/status/${codes}`)).status, 400, codes);
    }
  },
  "/httpbin/unstable?failure_rate=0.5&seed=N": async ({ get }) => {
    assert.equal((await get("/httpbin/unstable?failure_rate=0")).status, 200);
    assert.equal((await get("/httpbin/unstable?failure_rate=1")).status, 500);
    const statuses = new Set<number>();
    for (let seed = 0; seed < 10; seed += 1) statuses.add((await get(`/httpbin/unstable?seed=${seed}`)).status);
    assert.deepEqual([...statuses].sort(), [200, 500]);
    assert.equal((await get("/httpbin/unstable?failure_rate=2")).status, 400);
  },
  "/httpbin/problem?status=400&type=URI&title=TEXT&detail=TEXT": async ({ get }) => {
    const response = await get("/httpbin/problem?status=403&title=No&detail=Really");
    assert.deepEqual([response.status, response.field("content-type")], [403, ["application/problem+json"]]);
    assert.deepEqual(JSON.parse(response.body), {
      ...{ type: "about:blank", status: 403, title: "No", detail: "Really", instance: "/httpbin/problem" },
    });
  },
});
