import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";
import { fakeDetails, fakeHello, fakeHop, fakeListed } from "../fake/fake-transaction.ts";
import { everyKind } from "../fake/scenarios.ts";
import { type FakeConsole, serveFakeConsole } from "../fake/serve-fake-console.ts";

const viewport = { width: 1280, height: 800 };

/** A mebibyte of JSON: forty thousand numbers, and a name that no line has room for. */
const large = Buffer.from(
  JSON.stringify({ numbers: Array.from({ length: 140_000 }, (_, index) => index), [`n${"a".repeat(65_536)}`]: 1 }),
);

describe("the details of a request", { skip: skipWithoutBrowser() }, () => {
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

  test("stand beside the list, in tabs that the keyboard walks, each without barriers", async () => {
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByRole("row", { name: "weather/today" }).click();
    await page.getByText("is known to want https").waitFor();
    const tab = (name: string) => page.getByRole("tab", { name });
    await tab("Overview").focus();
    for (const name of ["Response", "Request", "Hops", "Timeline", "Security"]) {
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tabpanel", { name }).waitFor();
      await eventually(() => tab(name).getAttribute("aria-selected"), "true");
      assert.deepEqual(await axeViolations(page), []);
    }
    await page.keyboard.press("Home");
    await page.getByRole("tabpanel", { name: "Overview" }).waitFor();
    // Walking the list takes the details along.
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForURL(/#requests\/3\/overview$/);
    await page.getByRole("button", { name: "Close the details" }).click();
    await page.getByRole("tablist").waitFor({ state: "hidden" });
    assert.deepEqual(tested.problems, []);
  });

  test("tell each hop, and let the messages of each be looked at", async () => {
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(`${fake.url}#requests/2/hops`);
    const hops = page.getByRole("tabpanel").getByRole("listitem");
    for (const [index, answer] of [
      "From nobody: the host is known to want https",
      "From the server, which led on",
      "From the server",
    ].entries()) {
      await hops.nth(index).getByText(answer, { exact: true }).waitFor();
    }
    await eventually(() => hops.count(), 3);
    await page.getByRole("tab", { name: "Response" }).click();
    await page.getByRole("combobox", { name: "Hop" }).selectOption({ index: 1 });
    await page.getByText("Moved Permanently").waitFor();
    await page.waitForURL(/#requests\/2\/response\/1$/);
  });

  test("tell the first hops and the last where a program tells of ten thousand", async () => {
    const listed = fakeListed(1, { hopCount: 10_000 });
    const hops = Array.from({ length: 10_000 }, (_, index) =>
      fakeHop({ url: `https://example.com/${index}`, reason: "redirect", status: 302 }),
    );
    await using own = await serveFakeConsole({
      events: [fakeHello, { type: "transactions", transactions: [listed] }],
      answers: { "GET transactions/1": { json: fakeDetails(listed, hops) } },
    });
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    for (const tab of ["overview", "hops"]) {
      await page.goto(`${own.url}#requests/1/${tab}`);
      const entries = page.getByRole("tabpanel").getByRole("listitem");
      await entries.getByText("and 9,500 more between").waitFor();
      await entries.getByText("https://example.com/9999").waitFor();
      await eventually(() => entries.count(), 501);
    }
    assert.deepEqual(tested.problems, []);
  });

  test("say what went wrong, and what to do", async () => {
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(`${fake.url}#requests/5`);
    const panel = page.getByRole("tabpanel");
    await panel.getByText("the certificate ended on 12 January 2024").waitFor();
    await panel.getByText("until then nothing that it says can be trusted").waitFor();
    await page.getByRole("tab", { name: "Security" }).click();
    await page.getByText("CN=expired.example.net").first().waitFor();
  });

  test("show a body that is markup as text: nothing of it runs, is drawn or is asked for", async () => {
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${fake.url}#requests/7/response`);
    await page.getByText("<script>window.ran = true;</script>").waitFor();
    await page.getByText("<img src=x onerror=window.ran=true>").waitFor();
    await page.getByRole("button", { name: "more characters" }).click();
    await page.getByText("Bytes", { exact: true }).click();
    await page.getByText("00000010").waitFor();
    assert.equal(await page.evaluate(() => "ran" in window), false);
    await eventually(() => page.locator("img").count(), 0);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(fake.url)),
      [],
    );
    assert.deepEqual(tested.problems, []);
  });

  test("show an image of pixels from the bytes that are here", async () => {
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(`${fake.url}#requests/6/response`);
    const image = page.getByRole("img", { name: "image/png" });
    await eventually(async () => (await image.getAttribute("src")) ?? "", /^blob:/);
    await page.waitForFunction(
      (element) => element instanceof HTMLImageElement && element.naturalWidth === 240,
      await image.elementHandle(),
    );
    assert.deepEqual(tested.problems, []);
  });

  test("stay usable with a mebibyte of JSON: rows are drawn as they are seen", async () => {
    const listed = fakeListed(1);
    const hop = fakeHop({ responseBody: { keptBytes: large.length, mediaType: "application/json" } });
    await using own = await serveFakeConsole({
      events: [fakeHello, { type: "transactions", transactions: [listed] }],
      answers: {
        "GET transactions/1": { json: fakeDetails(listed, [hop]) },
        "GET transactions/1/hops/0/response-body": large,
      },
    });
    await using tested = await browser.openPage({ viewport });
    const { page } = tested;
    await page.goto(`${own.url}#requests/1/response`);
    const tree = page.getByRole("tree", { name: "JSON" });
    await tree.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: "139: 139", exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    await tree.getByText("139999:").waitFor();
    await eventually(async () => (await tree.getByRole("treeitem").count()) < 60, true);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await tree.getByText("140,000 items").waitFor();
    await eventually(() => tree.getByRole("treeitem").count(), 3);
    assert.deepEqual(await axeViolations(page), []);
    assert.deepEqual(tested.problems, []);
  });

  test("take the place of the list where there is no room for both", async () => {
    await using tested = await browser.openPage({ viewport: { width: 400, height: 800 } });
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByRole("row", { name: "v1/stations" }).click();
    await page.getByRole("grid").waitFor({ state: "hidden" });
    for (const name of ["Response", "Request", "Hops", "Security"]) {
      await page.getByRole("tab", { name }).click();
      await page.getByRole("tabpanel", { name }).waitFor();
      await eventually(() => page.evaluate(() => document.documentElement.scrollWidth), 400);
      assert.deepEqual(await axeViolations(page), []);
    }
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("grid").waitFor();
    assert.deepEqual(tested.problems, []);
  });
});
