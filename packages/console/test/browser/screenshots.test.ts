import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { matchScreenshot, openBrowser, type OpenBrowser, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { credentials } from "../fake/fake-questions.ts";
import { fakeStart } from "../fake/fake-transaction.ts";
import { everyKind } from "../fake/scenarios.ts";
import { type FakeConsole, serveFakeConsole } from "../fake/serve-fake-console.ts";

const folder = join(import.meta.dirname, "../../../../docs/screenshots/console");
const places = [
  ["requests", "#requests", "10 requests"],
  ["overview", "#requests/5/overview", "What happened"],
  ["response", "#requests/1/response", "12345678901234567890"],
  ["hops", "#requests/2/hops", "Moved Permanently"],
  ["timeline", "#requests/2/timeline", "redirect followed"],
  ["security", "#requests/5/security", "Expired 2 years ago"],
  ["memory", "#memory/hsts", "3 remembered"],
  ["downloads", "#downloads", "observations.csv"],
  ["test-network", "#test-network", "Switch a fault on"],
  ["settings", "#settings", "Speak HTTP/2"],
] as const;
/** What is worth a second look in the dark: colours that say something. */
const darkPlaces: ReadonlySet<string> = new Set(["requests", "timeline", "security"]);

describe("the look of the console", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;
  let fake: FakeConsole;

  before(async () => {
    browser = await openBrowser();
    fake = await serveFakeConsole(everyKind);
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });

  for (const width of [1280, 400]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`is as it was, ${width} pixels wide, ${colorScheme}`, async () => {
        await using tested = await browser.openPage({
          viewport: { width, height: 800 },
          colorScheme,
          timezoneId: "UTC",
        });
        const { page } = tested;
        await page.clock.setFixedTime(fakeStart);
        await page.goto(fake.url);
        await page.evaluate(() => {
          document.documentElement.style.setProperty("--fairlead-font", "DejaVu Sans");
          document.documentElement.style.setProperty("--fairlead-mono", "DejaVu Sans Mono");
        });
        // What a registrable domain is, is known when the data have come.
        await page.locator("fairlead-address-bar").getByText("example.com", { exact: true }).waitFor();
        for (const [name, fragment, text] of places) {
          if (colorScheme === "dark" && !darkPlaces.has(name)) continue;
          await page.goto(`${fake.url}${fragment}`);
          await page.getByText(text).first().waitFor();
          await matchScreenshot(page, join(folder, `${name}-${width}-${colorScheme}.png`));
        }
        await page.goto(`${fake.url}#requests`);
        fake.tell({ type: "question", question: credentials });
        await page.getByRole("dialog").getByText("intranet.example").waitFor();
        await matchScreenshot(page, join(folder, `question-${width}-${colorScheme}.png`));
        fake.tell({ type: "question-gone", id: credentials.id });
      });
    }
  }
});
