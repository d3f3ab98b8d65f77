import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
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
      await eventually(() => shown.page.getByRole("status").textContent(), words);
      assert.deepEqual(shown.problems, []);
    }
  });

  test("asks the host for the sign-in page of a captive portal", async () => {
    await using shown = await gallery.show({ section: "fairlead-connectivity", state: "captive-panel" });
    await shown.page.evaluate(() => {
      document.body.addEventListener("fairlead-open-portal", () => (document.title = "opened"));
    });
    await shown.page.getByText("Found 3 minutes ago.").waitFor();
    await shown.page.getByRole("button", { name: "Open sign-in page" }).click();
    await eventually(() => shown.page.title(), "opened");
    assert.deepEqual(shown.problems, []);
  });
});
