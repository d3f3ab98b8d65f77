import assert from "node:assert/strict";
import { cookieFamily } from "../../src/endpoints/cookies.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(cookieFamily, {
  "/cookies": async ({ get }) => {
    assert.deepEqual(JSON.parse((await get("/cookies")).body), { raw: null, pairs: [] });
    assert.deepEqual(JSON.parse((await get("/cookies", ["Cookie: a=1; b==2; =; bare"])).body), {
      raw: "a=1; b==2; =; bare",
      pairs: [
        ["a", "1"],
        ["b", "=2"],
        ["", ""],
        ["", "bare"],
      ],
    });
  },
  "/cookies/set?NAME=VALUE": async ({ get }) => {
    const response = await get("/cookies/set?a=1&b=2");
    assert.deepEqual(response.field("set-cookie"), ["a=1; Path=/", "b=2; Path=/"]);
  },
  "/cookies/set-raw?value=VALUE": async ({ get }) => {
    const response = await get("/cookies/set-raw?value=a%3D%C3%A9%3B%20Secure&value=%3Bx");
    assert.deepEqual(response.field("set-cookie"), ["a=\xc3\xa9; Secure", ";x"]);
    assert.equal((await get("/cookies/set-raw")).status, 400);
  },
  "/cookies/delete?NAME": async ({ get }) => {
    const [cookie] = (await get("/cookies/delete?a")).field("set-cookie");
    assert.match(cookie ?? "", /^a=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970/);
  },
});
