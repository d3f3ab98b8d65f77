import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { after, before, describe, test } from "node:test";
import { matchScreenshot, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { openGallery, type OpenGallery } from "./gallery.ts";

const folder = join(import.meta.dirname, "../../../../docs/screenshots/widgets");

/** What a widget looks like at its most usual, or where it says the most. */
const pictured = [
  ["fairlead-address-bar", "look-alike"],
  ["fairlead-certificate-exception", "own-device"],
  ["fairlead-certificate-picker", "several"],
  ["fairlead-certificate-viewer", "expired"],
  ["fairlead-connectivity", "captive-panel"],
  ["fairlead-request-timeline", "redirects"],
  ["fairlead-sign-in", "digest"],
  ["fairlead-tls-settings", "weak"],
  ["fairlead-transfer-list", "mixed"],
  ["fairlead-transfer-progress", "resumed"],
] as const;

/** Where shapes say what colours say elsewhere, and where one button of several stands out. */
const inForcedColours: ReadonlySet<string> = new Set(["fairlead-request-timeline", "fairlead-transfer-list"]);

const inArabic: ReadonlySet<string> = new Set(["fairlead-certificate-viewer", "fairlead-transfer-list"]);

describe("the look of each widget", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  for (const [section, state] of pictured) {
    test(`<${section}> looks as it did`, async () => {
      const viewport = { width: 720, height: 800 };
      await using shown = await gallery.show({ section, state, theme: "light", viewport });
      const picture = join(folder, `${section.replace("fairlead-", "")}-${state}`);
      await matchScreenshot(await placeOf(shown.page, section), `${picture}-light.png`);
      await shown.page.evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
      await matchScreenshot(await placeOf(shown.page, section), `${picture}-dark.png`);
      if (inForcedColours.has(section)) {
        await shown.page.evaluate(() => (document.documentElement.dataset["theme"] = "light"));
        await shown.page.emulateMedia({ forcedColors: "active" });
        await matchScreenshot(await placeOf(shown.page, section), `${picture}-forced.png`);
      }
      if (!inArabic.has(section)) return;
      await using arabic = await gallery.show({ section, state, theme: "light", lang: "ar", viewport });
      await matchScreenshot(await placeOf(arabic.page, section), `${picture}-ar.png`);
    });
  }
});

/** A modal dialog lies above its place in the page, and of what is higher than the page its beginning is enough. */
async function placeOf(page: Page, section: string): Promise<Page | Locator> {
  if (section === "fairlead-certificate-exception") return page.getByRole("dialog");
  const place = page.locator("figure > .state");
  const { height = 0 } = (await place.boundingBox()) ?? {};
  if (height > 1_000) return page;
  // Rows that are out of sight are not drawn, and are when they have been in sight for a frame.
  await page.setViewportSize({ width: 720, height: 1_200 });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return place;
}
