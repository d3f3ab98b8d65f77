import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { english, languages, loadMessages } from "@fairlead/widgets";

describe("the words for a list of languages", () => {
  test("are those of the first that widgets speak, and else English", async () => {
    assert.deepEqual(languages, ["ar", "en"]);
    assert.equal((await loadMessages(["ar"])).direction, "rtl");
    assert.equal((await loadMessages(["fi", "ar-EG", "en"])).direction, "rtl");
    assert.equal((await loadMessages(["en-GB", "ar"])).direction, "ltr");
    for (const wanted of [[], ["fi"], ["constructor"], ["__proto__"], ["x"], [""]]) {
      assert.equal(await loadMessages(wanted), english, String(wanted));
    }
  });

  test("keep the region's way with numbers and dates", async () => {
    assert.equal((await loadMessages(["AR-eg"])).locale, "ar-EG");
    assert.equal((await loadMessages(["en-GB"])).locale, "en-GB");
    assert.equal((await loadMessages(["en-gb-%"])).locale, "en");
  });
});
