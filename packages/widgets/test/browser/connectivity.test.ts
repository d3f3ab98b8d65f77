import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { FairleadConnectivity, ShownConnectivity } from "@fairlead/widgets";
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
      await shown.page.getByText(words, { exact: true }).waitFor();
      // It is no news that the page begins with it.
      await eventually(() => shown.page.getByRole("status").textContent(), "");
      assert.deepEqual(shown.problems, []);
    }
  });

  test("tells those who do not see it that the network is gone, and once that it is back", async () => {
    for (const [lang, gone, back] of [
      ["en", "Offline", "Online again"],
      ["ar", "غير متصل", "عاد الاتصال"],
    ] as const) {
      await using shown = await gallery.show({ section: "fairlead-connectivity", state: "online", lang });
      const { page } = shown;
      const told = page.getByRole("status");
      const set = (state: ShownConnectivity): Promise<void> =>
        page.locator("fairlead-connectivity").evaluate((element: FairleadConnectivity, state) => {
          element.state = state;
        }, state);
      await set("offline");
      await eventually(() => told.textContent(), gone);
      await set("online");
      await eventually(() => told.textContent(), back);
      // What is drawn anew with the same words is not read out anew: they stay the text that they are.
      const node = await told.evaluateHandle((element) => element.textContent !== "" && element.lastChild);
      await page.locator("fairlead-connectivity").evaluate(async (element: FairleadConnectivity) => {
        element.since = 0;
        await element.updateComplete;
      });
      assert.equal(await told.evaluate((element, before) => element.lastChild === before, node), true);
      assert.deepEqual(shown.problems, []);
    }
  });

  test("says how long a network lets somebody out, where it has said so", async () => {
    await using shown = await gallery.show({ section: "fairlead-connectivity", state: "limited-panel" });
    await shown.page.getByText("Online, limited", { exact: true }).waitFor();
    await shown.page.getByText("Your time on this network ends in 55 minutes.").waitFor();
    await shown.page.getByText("20.0 MB of data are left to you on it.").waitFor();
    assert.deepEqual(shown.problems, []);
  });

  test("takes a state that nobody knows for one that is not known", async () => {
    await using shown = await gallery.show({ section: "fairlead-connectivity", state: "online" });
    await shown.page
      .locator("fairlead-connectivity")
      .evaluate((element) => element.setAttribute("state", "constructor"));
    await shown.page.getByText("Not known yet", { exact: true }).waitFor();
    assert.deepEqual(shown.problems, []);
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
