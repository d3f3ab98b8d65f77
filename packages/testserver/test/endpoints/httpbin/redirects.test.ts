import assert from "node:assert/strict";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { redirectRoutes } from "../../../src/endpoints/httpbin/redirects.ts";
import { type Check, describeFamily } from "../describe-family.ts";

describeFamily(underPrefix(redirectRoutes), {
  "/httpbin/redirect/:n?absolute=false": leads(
    ["/redirect/5", "/relative-redirect/4", false],
    ["/redirect/1", "/get", false],
    ["/redirect/5?absolute=true", "/absolute-redirect/4", true],
  ),
  "/httpbin/relative-redirect/:n": leads(
    ["/relative-redirect/7", "/relative-redirect/6", false],
    ["/relative-redirect/1", "/get", false],
  ),
  "/httpbin/absolute-redirect/:n": leads(
    ["/absolute-redirect/5", "/absolute-redirect/4", true],
    ["/absolute-redirect/1", "/get", true],
  ),
  "/httpbin/redirect-to?url=URL&status_code=302": async ({ send }) => {
    const to = async (query: string): Promise<readonly unknown[]> => {
      const response = await send("POST", `/httpbin/redirect-to?${query}`, [], "body");
      return [response.status, response.field("location")];
    };
    assert.deepEqual(await to("url=/post&status_code=307"), [307, ["/post"]]);
    assert.deepEqual(await to("url=http%3A%2F%2Fexample.com%2F%C3%A9"), [302, ["http://example.com/\xc3\xa9"]]);
    assert.deepEqual(await to("url=/post&status_code=200"), [302, ["/post"]]);
    assert.deepEqual(await to("url=/a%0D%0AX-Bad%3A1"), [400, []]);
    assert.deepEqual(await to(""), [400, []]);
  },
});

function leads(...steps: readonly (readonly [from: string, to: string, isAbsolute: boolean])[]): Check {
  return async ({ get, scheme }) => {
    for (const [from, to, isAbsolute] of steps) {
      const response = await get(`/httpbin${from}`);
      const origin = isAbsolute ? `${scheme}://localhost` : "";
      assert.deepEqual([response.status, response.field("location")], [302, [`${origin}/httpbin${to}`]], from);
    }
    assert.equal((await get(`/httpbin${steps[0]?.[0].replace(/\/\d.*/, "/0") ?? ""}`)).status, 400);
  };
}
