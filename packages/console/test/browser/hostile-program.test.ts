import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, openBrowser, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { ConsoleEvent } from "../../src/protocol/index.ts";
import { type FakeScenario, serveFakeConsole } from "../fake/serve-fake-console.ts";
import { fakeHello } from "../fake/fake-transaction.ts";
import { fakeQuestions } from "../fake/fake-questions.ts";
import { everyKind } from "../fake/scenarios.ts";
import { hostileValues, spoilt } from "../fake/hostile-values.ts";

/** Where a person can go, and what draws what was answered there. */
const places = [
  "requests",
  ...["overview", "response", "request", "hops", "timeline", "security"].map((tab) => `requests/2/${tab}/1`),
  "requests/5/security",
  "requests/7/response",
  "memory/hsts",
  "downloads",
  "test-network",
  "settings",
];

test("whatever a program says in whatever member, the page makes no node of it, runs none, goes nowhere, and goes on", {
  skip: skipWithoutBrowser(),
}, async () => {
  await using browser = await openBrowser();
  await using tested = await browser.openPage({ viewport: { width: 1280, height: 800 } });
  const { page } = tested;
  let scenario: FakeScenario = everyKind;
  await using fake = await serveFakeConsole({
    events: everyKind.events,
    get answers() {
      return scenario.answers;
    },
  });
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(fake.url) && !request.url().startsWith("blob:")) elsewhere.push(request.url());
  });
  const underWay = new Set<unknown>();
  page.on("request", (request) => underWay.add(request));
  page.on("requestfinished", (request) => underWay.delete(request));
  page.on("requestfailed", (request) => underWay.delete(request));
  /** Goes to a place, and waits until all that it asks for came and is drawn. */
  const goTo = async (place: string): Promise<void> => {
    await page.evaluate((hash) => void (location.hash = hash), place);
    await eventually(async () => {
      await page.evaluate(threeFrames);
      return underWay.size;
    }, 0);
    await page.evaluate(threeFrames);
  };
  await page.goto(fake.url);
  await page.getByText("/v1/stations").waitFor();
  // The same elements, however often and in whatever order.
  const known = new Set(await page.evaluate(elementNames));
  for (const place of places) {
    await goTo(place);
    if (place === "requests/7/response") await page.locator("console-text").waitFor();
    for (const name of await page.evaluate(elementNames)) known.add(name);
  }
  for (const question of fakeQuestions) {
    fake.tell({ type: "question", question });
    await page.getByRole("dialog").waitFor();
    await goTo("requests");
    for (const name of await page.evaluate(elementNames)) known.add(name);
    fake.tell({ type: "question-gone", id: question.id });
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  const events = [...everyKind.events, ...fakeQuestions.map((question) => ({ type: "question", question }) as const)];
  const round = hostileValues.map(({ name, value, isText }) => ({
    name,
    scenario: {
      events: events.map((event) => spoilt(event, value, isText) as ConsoleEvent),
      answers: Object.fromEntries(
        Object.entries(everyKind.answers).map(([asked, answer]) => [
          asked,
          typeof answer === "function" || answer instanceof Uint8Array || !("json" in answer)
            ? answer
            : { json: spoilt(answer.json, value, isText) },
        ]),
      ),
    },
  }));
  for (const each of round) {
    scenario = each.scenario;
    fake.tell(fakeHello);
    for (const event of each.scenario.events) fake.tell(event);
    fake.tell({ type: "told-all" });
    for (const place of places) {
      await goTo(place);
      const names = await page.evaluate(elementNames);
      assert.deepEqual(
        names.filter((name) => !known.has(name)),
        [],
        `${each.name} in ${place}`,
      );
      assert.deepEqual(tested.problems.filter(isNoAnswer), [], `${each.name} in ${place}`);
    }
    assert.equal(new URL(page.url()).pathname, "/");
  }
  assert.deepEqual(elsewhere, []);
  assert.equal(await page.evaluate(() => "__ran" in globalThis), false);

  // It is still the page that it was.
  scenario = everyKind;
  fake.tell(fakeHello);
  for (const event of everyKind.events) fake.tell(event);
  fake.tell({ type: "told-all" });
  await goTo("requests");
  await page.getByText("/v1/stations").waitFor();
});

/** That the fake does not know what was asked for, or that nobody waits for it any more, is no fault of the page. */
function isNoAnswer(problem: string): boolean {
  return !/status of 404|ERR_ABORTED/.test(problem);
}

/** Runs in the page: what was changed before is drawn after. */
async function threeFrames(): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}

/** Runs in the page: which kinds of elements there are, in all shadow trees, with what could make one act. */
function elementNames(): readonly string[] {
  const names = new Set<string>();
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll("*")) {
      // Elements of our own are made by templates alone: no text here names one.
      if (!element.localName.includes("-")) names.add(`${root === document ? "" : "inner "}${element.localName}`);
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "style") names.add(`${element.localName} ${name}`);
        if (["href", "src", "action", "srcdoc"].includes(name) && !/^(?:#|blob:)/.test(value)) {
          names.add(`${element.localName} ${name}=${value.slice(0, 40)}`);
        }
      }
      if (element.shadowRoot !== null) look(element.shadowRoot);
    }
  };
  look(document);
  return [...names];
}
