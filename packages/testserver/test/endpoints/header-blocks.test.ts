import assert from "node:assert/strict";
import { headerBlockFamily } from "../../src/endpoints/header-blocks.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(headerBlockFamily, {
  "/headers/size/:kib": async ({ get }) => {
    assert.equal((await get("/headers/size/100")).field("x-large")[0]?.length, 102_400);
    assert.equal((await get("/headers/size/4097")).status, 400);
  },
  "/headers/count/:n": async ({ get }) => {
    const response = await get("/headers/count/2000");
    assert.deepEqual(response.field("x-field-1999"), ["small"]);
    assert.deepEqual(response.field("x-field-2000"), []);
  },
});
