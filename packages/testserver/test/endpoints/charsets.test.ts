import assert from "node:assert/strict";
import { charsetFamily, charsetTexts } from "../../src/endpoints/charsets.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(charsetFamily, {
  "/charset/:name?declared=NAME": async ({ get }) => {
    for (const [name, text] of charsetTexts) {
      const response = await get(`/charset/${name}`);
      const [, declared = ""] = /charset=(.*)/.exec(response.field("content-type")[0] ?? "") ?? [];
      assert.equal(new TextDecoder(declared).decode(Buffer.from(response.body, "latin1")), text, name);
    }
    assert.deepEqual((await get("/charset/koi8-r?declared=utf-8")).field("content-type"), [
      "text/plain; charset=utf-8",
    ]);
    assert.deepEqual((await get("/charset/koi8-r?declared=none")).field("content-type"), ["text/plain"]);
    assert.equal((await get("/charset/klingon")).status, 400);
  },
  "/charset/meta/:name": async ({ get }) => {
    const response = await get("/charset/meta/windows-1251");
    assert.deepEqual(response.field("content-type"), ["text/html"]);
    assert.match(new TextDecoder("windows-1251").decode(Buffer.from(response.body, "latin1")), /1251"><p>Привет</);
  },
});
