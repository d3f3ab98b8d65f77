import assert from "node:assert/strict";
import { cookieShapeFamily } from "../../src/endpoints/cookie-shapes.ts";
import { type Check, describeFamily } from "./describe-family.ts";

describeFamily(cookieShapeFamily, {
  "/cookies/lasting/:seconds?by=both": async ({ get, network }) => {
    const cookie = async (by: string): Promise<string> =>
      (await get(`/cookies/lasting/60?by=${by}`)).field("set-cookie")[0] ?? "";
    assert.equal(await cookie("max-age"), "lasting=1; Path=/; Max-Age=60");
    const [, expires = ""] = /^lasting=1; Path=\/; Expires=(.*)$/.exec(await cookie("expires")) ?? [];
    const ahead = (Date.parse(expires) - network.clock.now()) / 1000;
    assert.ok(ahead > 0 && ahead <= 60, `${ahead} s ahead`);
    assert.match(await cookie("both"), /; Expires=.*; Max-Age=60$/);
    network.clock.advance(43_200_000);
    const later = /Expires=([^;]*)/.exec(await cookie("expires"))?.[1] ?? "";
    network.clock.advance(-43_200_000);
    assert.ok(Date.parse(later) - Date.parse(expires) >= 43_200_000, "by the network's clock");
  },
  "/cookies/same-site": sets("/cookies/same-site", 5, /^none=1; Path=\/; SameSite=None; Secure$/m),
  "/cookies/prefixes": sets(
    "/cookies/prefixes",
    6,
    /^__Host-refused-domain=1; Path=\/; Secure; Domain=fairlead.test$/m,
  ),
  "/cookies/partitioned": sets("/cookies/partitioned", 1, /Secure; SameSite=None; Partitioned$/),
  "/cookies/domains": sets("/cookies/domains", 5, /^own=1; Path=\/; Domain=localhost$/m),
  "/cookies/paths": sets("/cookies/paths", 4, /^path=default$/m),
  "/cookies/large/:bytes": async ({ get }) => {
    const [cookie = ""] = (await get("/cookies/large/4097")).field("set-cookie");
    assert.equal(cookie.replace("; Path=/", "").replace("=", "").length, 4097);
  },
  "/cookies/many/:count": async ({ get }) => {
    assert.equal((await get("/cookies/many/60")).field("set-cookie").length, 60);
    assert.equal((await get("/cookies/many/1001")).status, 400);
  },
});

function sets(target: string, count: number, one: RegExp): Check {
  return async ({ get }) => {
    const cookies = (await get(target)).field("set-cookie");
    assert.equal(cookies.length, count);
    assert.match(cookies.join("\n"), one);
  };
}
