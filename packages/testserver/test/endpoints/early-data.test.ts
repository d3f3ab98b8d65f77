import assert from "node:assert/strict";
import { earlyDataFamily } from "../../src/endpoints/early-data.ts";
import { describeFamily } from "./describe-family.ts";

const early = ["Early-Data: 1"];

describeFamily(earlyDataFamily, {
  "/early?then=take|refuse|new-keys": async ({ get }) => {
    assert.equal((await get("/early")).body, "not early\n");
    assert.equal((await get("/early", early)).body, "early\n");
    for (const then of ["refuse", "new-keys", "take"]) assert.equal((await get(`/early?then=${then}`)).status, 200);
    assert.equal((await get("/early?then=else")).status, 400);
  },
  "/too-early": async ({ get }) => {
    assert.equal((await get("/too-early")).status, 200);
    assert.equal((await get("/too-early", early)).status, 425);
  },
});
