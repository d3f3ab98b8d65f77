import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skipWithoutBrowser } from "@fairlead/conformance/browser";
import { openGallery, type OpenGallery } from "./gallery.ts";

describe("<fairlead-connectivity>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("says its state in words, in the page's language", async () => {
    for (const [lang, words] of [
      ["en", "Offline"],
      ["ar", "غير متصل"],
    ] as const) {
      await using shown = await gallery.show({ section: "fairlead-connectivity", state: "offline", lang });
      assert.equal(await shown.page.getByRole("status").textContent(), words);
      assert.deepEqual(shown.problems, []);
    }
  });
});
