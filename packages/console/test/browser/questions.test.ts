import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";
import { certificate, credentials, redirect } from "../fake/fake-questions.ts";
import { fakeHello } from "../fake/fake-transaction.ts";
import { serveFakeConsole } from "../fake/serve-fake-console.ts";

const questions = [credentials, certificate, redirect];

const told = questions.map((question) => ({ type: "question", question }) as const);

describe("questions of the manager", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;

  before(async () => {
    browser = await openBrowser();
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
  });

  test("are put one at a time, and each answer goes to its own", async () => {
    const answers = Object.fromEntries([1, 2, 3].map((id) => [`POST questions/${id.toString()}`, { status: 204 }]));
    await using fake = await serveFakeConsole({ events: [fakeHello, ...told], answers });
    await using tested = await browser.openPage();
    const { page } = tested;
    await page.goto(fake.url);

    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 more questions wait.").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.keyboard.type("alice");
    await page.getByLabel("Password").fill("secret");
    await page.keyboard.press("Enter");

    await dialog.getByText("bank.example").waitFor();
    await eventually(() => page.locator("fairlead-sign-in").count(), 0);
    await dialog.getByRole("button", { name: "Send" }).click();

    await dialog.getByText("Follow this redirect?").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await eventually(() => dialog.locator("dd b").count(), 0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await eventually(
      () => Promise.resolve(fake.asked.filter((each) => each.startsWith("POST questions"))),
      [
        `POST questions/1 ${JSON.stringify({ type: "credentials", username: "alice", password: "secret", remember: "once" })}`,
        `POST questions/2 ${JSON.stringify({ type: "identity", fingerprint: "ab".repeat(32), remember: false })}`,
        `POST questions/3 ${JSON.stringify({ type: "refuse" })}`,
      ],
    );
    assert.deepEqual(tested.problems, []);
  });

  test("close when nobody waits any more, and keep what was typed when they are told again", async () => {
    await using fake = await serveFakeConsole({ events: [fakeHello, ...told.slice(0, 1)], answers: {} });
    await using tested = await browser.openPage();
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByLabel("User name").fill("alice");
    for (const event of told.slice(0, 1)) fake.tell(event);
    fake.tell({ type: "question", question: redirect });
    await page.getByText("1 more question waits.").waitFor();
    await eventually(() => page.getByLabel("User name").inputValue(), "alice");
    fake.tell({ type: "question-gone", id: 1 });
    await page.getByText("Follow this redirect?").waitFor();
    fake.tell({ type: "question-gone", id: 3 });
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("are put again when the answer did not arrive", async () => {
    await using fake = await serveFakeConsole({ events: [fakeHello, ...told.slice(2)], answers: {} });
    await using tested = await browser.openPage();
    const { page } = tested;
    await page.goto(fake.url);
    await page.getByRole("button", { name: "Do not follow" }).click();
    await page.getByText("the fake knows no questions/3").waitFor();
    await eventually(() => page.getByRole("button", { name: "Do not follow" }).isVisible(), true);
  });
});
