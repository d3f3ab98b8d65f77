import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, openBrowser, type OpenBrowser, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { MemoryPage } from "../../src/protocol/index.ts";
import { fakeHello, fakeListed } from "../fake/fake-transaction.ts";
import { everyKind } from "../fake/scenarios.ts";
import { serveFakeConsole } from "../fake/serve-fake-console.ts";

/** As many hosts with HSTS. */
function remembered(count: number): MemoryPage {
  const things = Array.from({ length: count }, (_, index) => ({
    key: `hsts host-${index}.example`,
    subject: `host-${index}.example`,
    facts: [],
    expires: undefined,
  }));
  return { kind: "hsts", total: count, from: 0, things };
}

describe("what is remembered, on the page", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
  });

  test("is asked for again when something was requested, and stays where the person was", async () => {
    let there = remembered(150);
    await using fake = await serveFakeConsole({
      events: [fakeHello],
      answers: { ...everyKind.answers, "GET memory/hsts": () => ({ json: there }) },
    });
    const asked = (): readonly string[] => fake.asked.filter((each) => each.startsWith("GET memory/hsts"));
    await using tested = await browser.openPage({ viewport: { width: 1280, height: 800 } });
    const { page } = tested;
    await page.goto(`${fake.url}#memory/hsts`);
    await page.getByText("150 remembered").waitFor();
    await page.getByRole("searchbox").fill("host");
    await page.getByText("150 with “host”", { exact: true }).waitFor();
    const forget = page.getByRole("button", { name: "Forget host-120.example" });
    await forget.focus();
    // Rows that come into sight get their height: this waits until nothing moves.
    await forget.click({ trial: true });
    const y = (await forget.boundingBox())?.y;
    there = remembered(151);
    fake.tell({ type: "transactions", transactions: [fakeListed(1)] });
    await page.getByText("151 with “host”", { exact: true }).waitFor();
    assert.equal(asked().at(-1), "GET memory/hsts?search=host&from=0&count=150");
    await eventually(async () => (await forget.boundingBox())?.y, y);
    await page.locator(":focus").and(forget).waitFor();
    assert.deepEqual(tested.problems, []);
  });

  test("stays as it is while a person is asked whether to forget it", async () => {
    let there = remembered(2);
    await using fake = await serveFakeConsole({
      events: [fakeHello],
      answers: { ...everyKind.answers, "GET memory/hsts": () => ({ json: there }) },
    });
    await using tested = await browser.openPage();
    const { page } = tested;
    // A second is over when the test says so.
    await page.clock.install();
    await page.goto(`${fake.url}#memory/hsts`);
    await page.getByRole("button", { name: "Forget all 2" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("all 2").waitFor();
    // What is asked for now would not be asked for again.
    there = remembered(9);
    fake.tell({ type: "transactions", transactions: [fakeListed(1)] });
    fake.tell({ type: "faults", count: 1 });
    await page.getByText("A fault of the test network is on.").waitFor();
    await page.clock.runFor(60_000);
    await dialog.getByText("all 2").waitFor();
    there = remembered(3);
    await dialog.getByRole("button", { name: "Keep" }).click();
    await page.clock.runFor(60_000);
    await page.getByText("3 remembered").waitFor();
    assert.deepEqual(tested.problems, []);
  });
});
