import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";
import type { ConsoleEvent } from "../../src/protocol/index.ts";
import { fakeDetails, fakeHello, fakeListed } from "../fake/fake-transaction.ts";
import { everyKind } from "../fake/scenarios.ts";
import { serveFakeConsole } from "../fake/serve-fake-console.ts";

const viewport = { width: 1280, height: 800 };

/** Ten thousand requests, as they are told: in parts. */
const tenThousand: readonly ConsoleEvent[] = Array.from({ length: 20 }, (_, part) => ({
  type: "transactions",
  transactions: Array.from({ length: 500 }, (_, index) => fakeListed(part * 500 + index + 1)),
}));

describe("the list of requests", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
  });

  test("draws a screenful of ten thousand, and says how many there are", async () => {
    await using fake = await serveFakeConsole({ events: [fakeHello, ...tenThousand], answers: {} });
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByText("10,000 requests").waitFor();
    const grid = page.getByRole("grid", { name: "Requests" });
    await eventually(() => grid.getAttribute("aria-rowcount"), "10001");
    // It stays with the newest.
    await grid.getByText("/observations/10000").waitFor();
    await eventually(async () => (await grid.getByRole("row").count()) < 60, true);
    await grid.evaluate((element) => {
      element.scrollTop = 180_000;
    });
    await grid.locator("[aria-rowindex='5010']").waitFor();
    await eventually(async () => (await grid.getByRole("row").count()) < 60, true);
    await eventually(() => page.getByRole("button", { name: "Follow newest" }).getAttribute("aria-pressed"), "false");

    // What is looked at stays where it is while the oldest go and new ones come.
    const row = grid.locator("[aria-rowindex='5010']");
    const before = [await row.textContent(), (await row.boundingBox())?.y];
    fake.tell({ type: "transactions", transactions: [fakeListed(10_001)] });
    fake.tell({ type: "transactions-gone", below: 1_001 });
    const same = grid.locator("[aria-rowindex='4010']");
    await page.getByText("9,001 requests").waitFor();
    await eventually(async () => [await same.textContent(), (await same.boundingBox())?.y], before);

    await page.getByRole("button", { name: "Follow newest" }).click();
    await grid.getByText("/observations/10001").waitFor();
    fake.tell({ type: "transactions", transactions: [fakeListed(10_002)] });
    await grid.getByText("/observations/10002").waitFor();
    assert.deepEqual(tested.problems, []);
  });

  test("is walked by keyboard, and opens what it is at", async () => {
    await using fake = await serveFakeConsole({
      events: [fakeHello, ...tenThousand],
      answers: { "GET transactions/1": { json: fakeDetails(fakeListed(1)) } },
    });
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(fake.url);
    const grid = page.getByRole("grid");
    await page.getByText("10,000 requests").waitFor();
    await grid.focus();
    await grid.press("Home");
    const active = () => grid.getAttribute("aria-activedescendant");
    await grid.locator("#request-1").waitFor();
    await eventually(() => active(), "request-1");
    await grid.press("ArrowDown");
    await grid.press("PageDown");
    await grid.press("End");
    await grid.locator("#request-10000").waitFor();
    await eventually(() => active(), "request-10000");
    await grid.press("Home");
    await grid.locator("#request-1").waitFor();
    await grid.press("Enter");
    await page.waitForURL(/#requests\/1$/);
  });

  test("shows what the filter lets through, and says that it hides the rest", async () => {
    await using fake = await serveFakeConsole(everyKind);
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByRole("searchbox", { name: "Filter" }).fill("example.com -v1");
    await page.getByText("3 of 10 requests").waitFor();
    await page.getByRole("combobox", { name: "State" }).selectOption("failed");
    await page.getByRole("heading", { name: "No request matches" }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByText("10 requests", { exact: true }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
    assert.deepEqual(tested.problems, []);
  });

  test("fits into 320 pixels, where a row has two lines", async () => {
    await using fake = await serveFakeConsole(everyKind);
    await using tested = await browser.openPage({ viewport: { width: 320, height: 600 } });
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByText("intranet.local").waitFor();
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth), 320);
    await eventually(() => page.getByRole("grid").evaluate((grid) => grid.scrollWidth <= grid.clientWidth), true);
    assert.deepEqual(await axeViolations(page), []);
  });

  test("exports an archive, and forgets itself when it is told to", async () => {
    await using fake = await serveFakeConsole({
      ...everyKind,
      answers: { "GET har": { json: { log: { entries: [] } } }, "DELETE transactions": { status: 200 } },
    });
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(fake.url);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export HAR" }).click();
    assert.equal((await download).suggestedFilename(), "fairlead.har");
    await page.getByRole("button", { name: "Clear" }).click();
    fake.tell({ type: "transactions-gone", below: 11 });
    await page.getByRole("heading", { name: "No request yet" }).waitFor();
    assert.deepEqual(fake.asked, ["GET har", "DELETE transactions"]);
  });
});
