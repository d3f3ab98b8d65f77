import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";
import type { ConsoleSettings } from "../../src/protocol/index.ts";
import { fakeSettings } from "../fake/fake-settings.ts";
import { fakeHello } from "../fake/fake-transaction.ts";
import { type FakeConsole, serveFakeConsole } from "../fake/serve-fake-console.ts";

describe("the settings of the console", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;
  let fake: FakeConsole;

  before(async () => {
    browser = await openBrowser();
    fake = await serveFakeConsole({
      events: [fakeHello],
      answers: {
        "GET settings": { json: fakeSettings },
        // The page and its fake are of one version.
        "PUT settings": (body) => ({ json: { ...fakeSettings, settings: JSON.parse(body) as ConsoleSettings } }),
      },
    });
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });

  test("are changed, TLS among them, and applied by a button", async () => {
    await using tested = await browser.openPage({ viewport: { width: 1280, height: 800 } });
    const { page } = tested;
    await page.goto(`${fake.url}#settings`);
    const apply = page.getByRole("button", { name: "Apply" });
    await apply.waitFor();
    await eventually(() => apply.isDisabled(), true);
    await page.getByLabel("What is remembered").selectOption("state");
    await page.getByLabel("Proxy").selectOption("This one");
    await page.getByLabel("Address of the proxy").fill("socks5://127.0.0.1:1080");
    await page.getByLabel("TLS", { exact: true }).fill("2.5");
    await page.getByRole("radio", { name: "Modern" }).click();
    await apply.click();
    await page.getByText("opened anew with these settings").waitFor();
    const [sent = ""] = fake.asked.filter((each) => each.startsWith("PUT settings"));
    const settings = JSON.parse(sent.slice("PUT settings ".length)) as ConsoleSettings;
    assert.deepEqual(
      [settings.store, settings.proxy, settings.timeouts.secure, settings.tls.minVersion],
      ["state", { type: "url", url: "socks5://127.0.0.1:1080" }, 2_500, "TLSv1.3"],
    );
    assert.deepEqual(await axeViolations(page), []);
    assert.deepEqual(tested.problems, []);
  });

  test("of the page hold at once, and undoing brings the manager's back", async () => {
    await using tested = await browser.openPage({ viewport: { width: 400, height: 800 }, colorScheme: "dark" });
    const { page } = tested;
    await page.goto(`${fake.url}#settings`);
    await page.getByLabel("Keep and send cookies").uncheck();
    await page.getByRole("button", { name: "Undo changes" }).click();
    await eventually(() => page.getByLabel("Keep and send cookies").isChecked(), true);
    await page.getByLabel("Language").selectOption("العربية");
    await page.getByRole("heading", { name: "الشبكة" }).waitFor();
    await eventually(() => page.evaluate(() => document.documentElement.dir), "rtl");
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(tested.problems, []);
  });
});
