import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, openBrowser, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { serveGallery } from "../../gallery/serve-gallery.ts";

test("React sets properties and hears events, typed, under a strict policy", {
  skip: skipWithoutBrowser(),
}, async () => {
  await using server = await serveGallery({ main: join(import.meta.dirname, "react-page.tsx") });
  await using browser = await openBrowser();
  await using tested = await browser.openPage();
  const { page } = tested;
  await page.goto(server.url);

  await page.getByText("bank.example").first().waitFor();
  await eventually(() => page.locator("b").count(), 0, "a realm is text");
  await page.getByRole("button", { name: "Another" }).click();
  await page.getByText("other.example").first().waitFor();

  await page.getByRole("textbox").first().fill("ada");
  await page.locator("input[type=password]").fill("secret");
  await page.keyboard.press("Enter");
  await page.locator("#told", { hasText: "ada" }).waitFor();

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator("#told", { hasText: "cancelled" }).waitFor();
  await eventually(() => page.locator("fairlead-sign-in").count(), 0);
  assert.deepEqual(tested.problems, []);
});
