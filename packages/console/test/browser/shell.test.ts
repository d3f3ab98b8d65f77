import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";
import { fakeHello, fakeListed } from "../fake/fake-transaction.ts";
import { everyKind } from "../fake/scenarios.ts";
import { type FakeConsole, serveFakeConsole } from "../fake/serve-fake-console.ts";

describe("the page of the console", { skip: skipWithoutBrowser() }, () => {
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

  test("goes from view to view by its navigation, and says where it is", async () => {
    await using tested = await browser.openPage({ viewport: { width: 1280, height: 800 } });
    const { page } = tested;
    await page.goto(fake.url);
    for (const name of ["Memory", "Downloads", "Test network", "Settings"]) {
      await page.getByRole("navigation").getByRole("link", { name }).click();
      await page.getByRole("main", { name }).waitFor();
      await eventually(() => page.getByRole("link", { name }).getAttribute("aria-current"), "page");
      assert.deepEqual(await axeViolations(page), []);
    }
    assert.deepEqual(tested.problems, []);
  });

  test("tells when its connection is lost, tries again, and is right when it is back", async () => {
    await using own = await serveFakeConsole(everyKind);
    await using tested = await browser.openPage();
    const { page } = tested;
    await page.goto(own.url);
    await page.getByText("/v1/stations").waitFor();
    // It is told anew, and not to the end: until then, what it knew is shown.
    own.tell(fakeHello);
    own.tell({ type: "transactions", transactions: [fakeListed(11, { url: "https://new.example/before" })] });
    own.hangUp();
    await page.getByRole("status").filter({ hasText: "is lost" }).waitFor();
    await page.getByText("/v1/stations").waitFor();
    own.letIn([
      fakeHello,
      { type: "transactions", transactions: [fakeListed(11, { url: "https://new.example/after" })] },
    ]);
    await page.getByText("new.example/after").waitFor();
    await eventually(() => page.getByText("/v1/stations").count(), 0);
    await page.getByRole("status").filter({ hasText: "is lost" }).waitFor({ state: "hidden" });
  });

  test("tells what the server objects to, with the code and the remedy, until that is dismissed", async () => {
    await using own = await serveFakeConsole({
      ...everyKind,
      answers: {
        "POST fetch": {
          status: 422,
          json: { detail: "<b>no</b> URL: x", code: "URL_INVALID", remedy: "name a scheme" },
        },
      },
    });
    await using tested = await browser.openPage();
    const { page } = tested;
    await page.goto(own.url);
    await page.getByRole("combobox", { name: "Address" }).fill("https://x.example/");
    await page.getByRole("combobox", { name: "Address" }).press("Enter");
    const notices = page.getByRole("log", { name: "Notices" });
    await notices.getByText("<b>no</b> URL: x").waitFor();
    await notices.getByText("name a scheme").waitFor();
    await notices.getByText("URL_INVALID").waitFor();
    await notices.getByRole("button", { name: "Dismiss" }).click();
    await notices.getByText("URL_INVALID").waitFor({ state: "hidden" });
    assert.deepEqual(own.asked, ['POST fetch {"url":"https://x.example/"}']);
  });

  test("speaks the language of the browser", async () => {
    await using tested = await browser.openPage({ locale: "ar" });
    await tested.page.goto(fake.url);
    await tested.page.getByRole("link", { name: "الذاكرة" }).waitFor();
    await eventually(() => tested.page.locator("html").getAttribute("dir"), "rtl");
    assert.deepEqual(await axeViolations(tested.page), []);
    assert.deepEqual(tested.problems, []);
  });
});
