import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { eventually, skipWithoutBrowser, type TestedPage } from "@fairlead/conformance/browser";
import type { FairleadCertificateException } from "@fairlead/widgets";
import type { Locator, Page } from "playwright-core";
import { openGallery, type OpenGallery } from "./gallery.ts";

const tag = "fairlead-certificate-exception";
const host = "192.168.1.1";
const refused = { type: "refuse", host, port: 8443, isFingerprinted: true };
const accepted = { type: "accept", remember: false, host, port: 8443, isFingerprinted: true };

describe("<fairlead-certificate-exception>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;
  let shown: TestedPage;
  let page: Page;
  let accept: Locator;

  before(async () => {
    gallery = await openGallery();
    shown = await gallery.show({ section: tag, state: "own-device" });
    ({ page } = shown);
    accept = page.getByRole("button", { name: "Accept the risk" });
    await listen();
  });

  after(async () => {
    assert.deepEqual(shown.problems, []);
    await shown[Symbol.asyncDispose]();
    await gallery[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await set({ open: false });
    await tellTime(0);
    await set({ open: true, hsts: false, host });
    await tellTime(60_000);
    await decisions();
  });

  test("goes back by Enter, which is where the focus begins", async () => {
    await page.keyboard.press("Enter");
    await eventually(() => decisions(), [refused]);
  });

  test("goes back by Escape, once, however often it is pressed", async () => {
    for (let times = 0; times < 3; times += 1) await page.keyboard.press("Escape");
    await someDecision();
    await eventually(() => decisions(), [refused]);
  });

  test("accepts by the keyboard alone, after the details were opened and the host was typed", async () => {
    await eventually(() => accept.isDisabled(), true);
    await page.locator("summary").focus();
    await page.keyboard.press("Space");
    await page.locator("fairlead-certificate-viewer").waitFor();
    await eventually(() => accept.isDisabled(), true);
    await page.getByRole("textbox").focus();
    await page.keyboard.type(host);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await eventually(
      () => page.getByRole("checkbox").isChecked(),
      false,
      "nothing is remembered unless it is asked for",
    );
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.deepEqual(await decisions(), [], "Enter does not accept");
    await page.keyboard.press("Space");
    await eventually(() => decisions(), [{ ...accepted, remember: true }]);
  });

  test("takes no click before it has been there for a while, and one afterwards", async () => {
    await actDeliberately();
    await tellTime(0);
    await accept.click();
    assert.deepEqual(await decisions(), []);
    await tellTime(60_000);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await accept.click();
    assert.deepEqual(await decisions(), [], "the window came back under the pointer");
    await tellTime(120_000);
    await accept.dblclick();
    await eventually(() => decisions(), [accepted]);
  });

  test("offers no way to accept for a host with HSTS, and none when that is taken back", async () => {
    await actDeliberately();
    await set({ hsts: true });
    await eventually(() => accept.count(), 0);
    await eventually(() => page.getByRole("textbox").count(), 0);
    await set({ hsts: false });
    await eventually(() => accept.count(), 0);
    await page.keyboard.press("Escape");
    await someDecision();
    await eventually(() => decisions(), [refused]);
  });

  test("does not accept what was set behind the person's back", async () => {
    await actDeliberately();
    await clickWhile({ hsts: true }, { hsts: false });
    assert.deepEqual(await decisions(), []);
    await eventually(() => accept.count(), 0);
  });

  test("begins anew when it is about another host", async () => {
    await actDeliberately();
    await clickWhile({ host: "other.test" });
    assert.deepEqual(await decisions(), []);
    await eventually(() => accept.isDisabled(), true);
    await eventually(() => page.getByRole("textbox").inputValue(), "");
  });

  test("closes without a decision when the application closes it, and asks anew when it is opened again", async () => {
    await actDeliberately();
    await eventually(() => accept.isEnabled(), true);
    await set({ open: false });
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await set({ open: true });
    assert.deepEqual(await decisions(), []);
    await eventually(() => accept.isDisabled(), true);
    await eventually(() => page.locator("button:focus").textContent(), "Go back");
  });

  type Settable = Partial<Pick<FairleadCertificateException, "hsts" | "open" | "host">>;

  async function actDeliberately(): Promise<void> {
    await page.locator("summary").click();
    await page.getByRole("textbox").fill(host);
    // That the details were opened is told by the browser when it comes to it.
    await accept.and(page.locator(":enabled")).waitFor();
  }

  async function set(values: Settable): Promise<void> {
    await page.evaluate(
      async ([name, properties]) => {
        const element = document.querySelector(name) as FairleadCertificateException;
        Object.assign(element, properties);
        await element.updateComplete;
      },
      [tag, values] as const,
    );
  }

  /** Sets properties and presses, with nothing drawn in between. */
  async function clickWhile(...steps: readonly Settable[]): Promise<void> {
    await accept.evaluate(
      async (button, [name, each]) => {
        const element = document.querySelector(name) as FairleadCertificateException;
        for (const properties of each) {
          Object.assign(element, properties);
          (button as HTMLButtonElement).click();
        }
        await element.updateComplete;
      },
      [tag, steps] as const,
    );
  }

  async function tellTime(milliseconds: number): Promise<void> {
    await page.evaluate(
      ([name, time]) => {
        (document.querySelector(name) as FairleadCertificateException).clock = () => time;
      },
      [tag, milliseconds] as const,
    );
  }

  /** What was decided since the last time. */
  async function decisions(): Promise<readonly unknown[]> {
    return page.evaluate(() => (window as unknown as { decisions: unknown[] }).decisions.splice(0));
  }

  /** The browser tells of a dialog that it closed when it comes to it. */
  async function someDecision(): Promise<void> {
    await page.waitForFunction(() => (window as unknown as { decisions: unknown[] }).decisions.length > 0);
  }

  async function listen(): Promise<void> {
    await page.evaluate(() => {
      const decided: unknown[] = [];
      Object.assign(window, { decisions: decided });
      document.body.addEventListener("fairlead-certificate-exception", ({ decision, fingerprint, ...event }) => {
        decided.push({ ...decision, host: event.host, port: event.port, isFingerprinted: fingerprint !== undefined });
      });
    });
  }
});
