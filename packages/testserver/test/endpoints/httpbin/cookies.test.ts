import assert from "node:assert/strict";
import { cookieRoutes } from "../../../src/endpoints/httpbin/cookies.ts";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { describeFamily } from "../describe-family.ts";

describeFamily(underPrefix(cookieRoutes), {
  "/httpbin/cookies": async ({ get }) => {
    assert.deepEqual(JSON.parse((await get("/httpbin/cookies")).body), { cookies: {} });
    const { body } = await get("/httpbin/cookies", ['Cookie: a=1; b="2"; c=x=y']);
    assert.deepEqual(JSON.parse(body), { cookies: { a: "1", b: "2", c: "x=y" } });
  },
  "/httpbin/cookies/set?NAME=VALUE&attr[NAME]=VALUE": async ({ get, scheme }) => {
    const secure = scheme === "https" ? "; Secure" : "";
    const response = await get("/httpbin/cookies/set?a=1&b=%C3%A9&attr%5BSameSite%5D=lax&attr%5BHttpOnly%5D=true");
    assert.deepEqual([response.status, response.field("location")], [302, ["/httpbin/cookies"]]);
    const rest = `Path=/${secure}; SameSite=lax; HttpOnly`;
    assert.deepEqual(response.field("set-cookie"), [`a=1; ${rest}`, `b=\xc3\xa9; ${rest}`]);
    const evil = await get("/httpbin/cookies/set?a=1%3B%20Domain%3Dx%0D%0AX-Bad%3A1");
    assert.deepEqual(evil.field("set-cookie"), [`a=1 Domain=xX-Bad:1; Path=/${secure}`]);
    assert.deepEqual(evil.field("x-bad"), []);
  },
  "/httpbin/cookies/set/:name/:value": async ({ get, scheme }) => {
    const response = await get("/httpbin/cookies/set/flavour/oat");
    assert.deepEqual(response.field("set-cookie"), [`flavour=oat; Path=/${scheme === "https" ? "; Secure" : ""}`]);
    assert.deepEqual(response.field("location"), ["/httpbin/cookies"]);
  },
  "/httpbin/cookies/delete?NAME": async ({ get }) => {
    const response = await get("/httpbin/cookies/delete?a&b");
    assert.equal(response.field("set-cookie").length, 2);
    assert.match(response.field("set-cookie")[0] ?? "", /^a=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970/);
  },
});
