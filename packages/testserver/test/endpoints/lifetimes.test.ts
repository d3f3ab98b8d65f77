import assert from "node:assert/strict";
import { lifetimeFamily } from "../../src/endpoints/lifetimes.ts";
import { describeFamily } from "./describe-family.ts";

const seconds = (date: string | undefined): number => Date.parse(date ?? "") / 1000;

describeFamily(lifetimeFamily, {
  "/cache/control?value=DIRECTIVES": async ({ get }) => {
    const target = "/cache/control?value=max-age=1,immutable";
    const response = await get(target);
    assert.deepEqual(response.field("cache-control"), ["max-age=1,immutable"]);
    assert.notEqual((await get(target)).body, response.body);
    assert.equal((await get("/cache/control?value=%0Aa")).status, 400);
  },
  "/cache/expires/:seconds?date=yes": async ({ get, network }) => {
    const response = await get("/cache/expires/60");
    assert.equal(seconds(response.field("expires")[0]) - seconds(response.field("date")[0]), 60);
    assert.deepEqual((await get("/cache/expires/60?date=no")).field("date"), []);
    const before = network.clock.now();
    network.clock.advance(43_200_000);
    const later = await get("/cache/expires/60");
    network.clock.advance(-43_200_000);
    assert.ok(seconds(later.field("expires")[0]) * 1000 > before + 43_200_000, "by the network's clock");
  },
  "/cache/expired?value=0": async ({ get }) => {
    assert.deepEqual((await get("/cache/expired")).field("expires"), ["0"]);
    assert.deepEqual((await get("/cache/expired?value=-1")).field("expires"), ["-1"]);
  },
  "/cache/heuristic/:days": async ({ get }) => {
    const response = await get("/cache/heuristic/100");
    const [lastModified = ""] = response.field("last-modified");
    const days = (seconds(response.field("date")[0]) - seconds(lastModified)) / 86_400;
    assert.ok(days >= 100 && days < 101, `${days} days ago`);
    assert.deepEqual([response.field("cache-control"), response.field("expires")], [[], []]);
    assert.equal((await get("/cache/heuristic/100", [`If-Modified-Since: ${lastModified}`])).status, 304);
  },
  "/cache/age/:age?max-age=60": async ({ get }) => {
    const response = await get("/cache/age/50");
    assert.deepEqual([response.field("age"), response.field("cache-control")], [["50"], ["max-age=60"]]);
  },
  "/cache/vary/:field?max-age=60": async ({ get }) => {
    const response = await get("/cache/vary/Accept-Language", ["Accept-Language: de"]);
    assert.deepEqual(response.field("vary"), ["Accept-Language"]);
    assert.match(response.body, /^Accept-Language is de /);
    assert.deepEqual((await get("/cache/vary/*")).field("vary"), ["*"]);
    assert.equal((await get("/cache/vary/a%20b")).status, 400);
  },
  "/cache/fails/:seconds?max-age=0": async ({ get }) => {
    const response = await get("/cache/fails/600");
    assert.deepEqual(response.field("cache-control"), ["max-age=0, stale-if-error=600"]);
    assert.equal((await get("/cache/fails/600", ['If-None-Match: "v1"'])).status, 500);
  },
});
