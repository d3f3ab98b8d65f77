import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { FairleadAddressBar } from "@fairlead/widgets";
import type { CDPSession, Page } from "playwright-core";
import { type GalleryView, openGallery, type OpenGallery } from "./gallery.ts";

const SECTION = "fairlead-address-bar";
const PAGE = "https://www.example.org/guide/getting-started?lang=en#install";

describe("<fairlead-address-bar>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  async function withBar(view: Omit<GalleryView, "section">, body: (bar: ShownBar) => Promise<void>): Promise<void> {
    await using shown = await gallery.show({ section: SECTION, ...view });
    const bar = new ShownBar(shown.page);
    await bar.listen();
    await body(bar);
    assert.deepEqual(shown.problems, []);
  }

  test("a press selects the whole address in ASCII; Escape gives it back and lets go", async () => {
    await withBar({ state: "internationalised" }, async (bar) => {
      await bar.line.click();
      const whole =
        "https://xn--bcher-kva.example.org/%D9%85%D8%B3%D8%A7%D8%B1/%D8%B5%D9%81%D8%AD%D8%A9?q=%D9%82%D9%8A%D9%85%D8%A9";
      await eventually(() => bar.line.inputValue(), whole);
      await eventually(() => bar.selection(), whole);
      await bar.page.keyboard.type("elsewhere");
      await eventually(() => bar.line.inputValue(), "elsewhere");
      await bar.page.keyboard.press("Escape");
      await eventually(() => bar.selection(), whole);
      await bar.page.keyboard.press("Escape");
      await eventually(() => bar.shown(), /^https:\/\/bücher\.example\.org/);
      assert.deepEqual(await bar.told(), []);
    });
  });

  test("Enter tells where the person wants to go, and what is shown stays what is open", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      await bar.type("other.example/a b");
      await bar.page.keyboard.press("Enter");
      await eventually(() => bar.told(), ["fairlead-navigate https://other.example/a%20b"]);
      await eventually(() => bar.shown(), PAGE);
      await bar.set({ pending: "https://other.example/a%20b", loading: true });
      await eventually(() => bar.shown(), PAGE);
      await eventually(() => bar.said(), /About to load:\s*https:\/\/other\.example$/);
      await bar.set({ url: "https://other.example/a%20b", pending: undefined, loading: false });
      await eventually(() => bar.shown(), /^https:\/\/other\.example/);
      await eventually(() => bar.chip(), "Not checked", "facts of the page before are not those of this one");
    });
  });

  test("what leads nowhere is told in words and not gone to", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      for (const [typed, words] of [
        ["javascript:alert(1)", "Scripts are not run from the address bar."],
        ["https://a..b/", "cannot be the name of a site"],
        ["ftp://example.org/", "are not opened here"],
      ] as const) {
        await bar.type(typed);
        await bar.page.keyboard.press("Enter");
        await eventually(async () => (await bar.said()).includes(words), true, typed);
        await eventually(() => bar.line.getAttribute("aria-invalid"), "true");
      }
      assert.deepEqual(await bar.told(), []);
    });
  });

  test("the list is walked by arrows, gone to by Enter, and forgets by Shift+Delete", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      const { keyboard } = bar.page;
      await bar.type("exa");
      await eventually(() => bar.line.inputValue(), "example.org/");
      await eventually(() => bar.selection(), "mple.org/");
      await eventually(() => bar.options.count(), 4);
      await eventually(() => bar.line.getAttribute("aria-expanded"), "true");

      await keyboard.press("ArrowDown");
      await keyboard.press("ArrowDown");
      const chosen = bar.page.getByRole("option", { selected: true });
      await eventually(async () => (await chosen.textContent()) ?? "", /Getting started/);
      const id = await chosen.getAttribute("id");
      await eventually(() => bar.line.getAttribute("aria-activedescendant"), id);
      await eventually(() => bar.line.inputValue(), "https://www.example.org/guide/getting-started");
      await keyboard.press("Shift+Delete");
      await eventually(() => bar.options.count(), 3);
      await keyboard.press("Escape");
      await eventually(() => bar.line.inputValue(), "exa");
      await keyboard.press("ArrowUp");
      await keyboard.press("Home");
      await eventually(() => bar.options.count(), 3);
      await eventually(() => bar.page.getByRole("option", { selected: true }).count(), 0);
      await keyboard.press("Enter");
      assert.deepEqual(await bar.told(), [
        "fairlead-forget-visit https://www.example.org/guide/getting-started",
        "fairlead-navigate https://news.example.com/2026/11/examples?page=2",
      ]);

      await bar.type("extra");
      await bar.options.first().click();
      await eventually(async () => (await bar.told()).at(-1), "fairlead-navigate http://extranet.example.net/login");
    });
  });

  test("what is pasted is cleaned, and what was taken out is told", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      await bar.line.click();
      await bar.paste(" <javascript:https://evil.exa\u202emple/\n  path/>\u200b");
      await eventually(() => bar.line.inputValue(), "https://evil.example/path/");
      for (const words of ["Line breaks", "Invisible characters", "Brackets", "javascript:"]) {
        await eventually(async () => (await bar.said()).includes(words), true, words);
      }
      await bar.page.keyboard.press("Enter");
      await eventually(() => bar.told(), ["fairlead-navigate https://evil.example/path/"]);
    });
  });

  test("while an input method composes, nothing is completed in the line and its keys lead nowhere", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      await using method = await InputMethod.on(bar);
      await bar.line.click();
      await method.compose("exa");
      await bar.options.nth(3).waitFor();
      await bar.holds("exa");
      for (const key of ["ArrowDown", "Enter", "Escape"]) await method.press(key);
      await method.compose("例え");
      await bar.holds("例え");
      await method.commit("例え.テスト");
      await bar.holds("例え.テスト");
      await bar.page.keyboard.press("Enter");
      await bar.hasTold(1);
      assert.deepEqual(await bar.told(), ["fairlead-navigate https://xn--r8jz45g.xn--zckzah/"]);
    });
  });

  test("the panel is opened, read and closed by keys, and asks for the certificate", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      const { keyboard, page } = { keyboard: bar.page.keyboard, page: bar.page };
      const chip = page.getByRole("button", { name: "Encrypted" });
      await chip.focus();
      await keyboard.press("Enter");
      const panel = page.getByRole("region", { name: "Security of this page" });
      await panel.getByText("X25519MLKEM768").waitFor();
      await keyboard.press("Tab");
      await keyboard.press("Enter");
      await keyboard.press("Escape");
      await panel.waitFor({ state: "hidden" });
      await eventually(
        () => bar.evaluate((element) => element.shadowRoot?.activeElement?.getAttribute("part")),
        "security",
      );
      await eventually(() => bar.told(), ["fairlead-show-certificate https://www.example.org"]);
    });
  });

  test("a notice says why the page could be a deception, and its two buttons are told", async () => {
    await withBar({ state: "look-alike" }, async (bar) => {
      const notice = bar.page.getByRole("region", { name: "Possible deception" });
      await eventually(async () => (await notice.textContent()) ?? "", /looks like .example\.org., which you visit/);
      await notice.getByRole("button", { name: "Go back" }).click();
      await notice.getByRole("button", { name: "I understand" }).click();
      await notice.waitFor({ state: "hidden" });
      assert.deepEqual(await bar.told(), [
        "fairlead-cue-answer go-back look-alike https://examp1e.org/sign-in",
        "fairlead-cue-answer understood look-alike https://examp1e.org/sign-in",
      ]);
      await bar.set({ url: "https://example.org/" });
      await eventually(() => notice.count(), 0, "no cue for what the person visits");
      await bar.set({ url: "https://exarnple.org/" });
      await notice.waitFor();
    });
  });

  test("without data of the application's they are loaded on first use", async () => {
    await withBar({ state: "internationalised" }, async (bar) => {
      await bar.evaluate((element) => {
        element.remove();
        const fresh = document.createElement("fairlead-address-bar");
        fresh.url = "https://www.bücher.example/";
        document.body.append(fresh);
      });
      await bar.page.locator("[data-role=site]", { hasText: /^bücher\.example$/ }).waitFor();
    });
  });

  test("the end of the host is seen at each width", async () => {
    for (const state of ["long-host", "exception", "internationalised"] as const) {
      await withBar({ state, viewport: { width: 1280, height: 400 } }, async (bar) => {
        for (const width of [1280, 700, 480, 400, 320]) {
          await bar.page.setViewportSize({ width, height: 400 });
          await bar.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
          const { isCut, text } = await bar.evaluate((element) => {
            const box = element.shadowRoot?.querySelector(".shown");
            const site = box?.querySelector("[data-role=site]");
            if (box === null || box === undefined || site === null || site === undefined) throw new Error("no site");
            const inner = site.getBoundingClientRect();
            const outer = box.getBoundingClientRect();
            return { isCut: inner.right > outer.right + 0.5 || inner.left < outer.left - 0.5, text: site.textContent };
          });
          assert.equal(isCut, false, `${state} at ${width}`);
          // Beside a chip of two words and a port less than 160 pixels are left: there its end is what remains.
          const end = state === "exception" && width === 320 ? /ample\.net$/ : /example\.(?:com|net|org)$/;
          assert.match(text, end, `${state} at ${width}`);
        }
      });
    }
  });

  test("parts are drawn from left to right whatever their letters, in a bar that runs from right to left too", async () => {
    for (const lang of ["en", "ar"] as const) {
      await withBar({ state: "internationalised", lang }, async (bar) => {
        await bar.set({ url: "https://example.org/אבג/דהו/x?שלום=1&ערב=2#סוף" });
        const lefts = await bar.evaluate((element) => {
          const box = element.shadowRoot?.querySelector(".shown");
          if (box === null || box === undefined) throw new Error("nothing is shown");
          const text = box.textContent;
          // Where each stretch begins, in the order of the URL.
          return ["https", "example", "אבג", "דהו", "x", "שלום", "1", "ערב", "2", "סוף"].map((piece) => {
            const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              const at = (node.nodeValue ?? "").indexOf(piece);
              if (at === -1) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + piece.length);
              return range.getClientRects()[0]?.left ?? Number.NaN;
            }
            throw new Error(`${piece} is not in ${text}`);
          });
        });
        // "x" is found in "example" first, and "1" in nothing else.
        const ordered = lefts.filter((_, index) => index !== 4);
        assert.deepEqual(
          ordered,
          ordered.toSorted((one, other) => one - other),
        );
      });
    }
  });

  test("500 hostile URLs, titles and facts make no node that the template did not make", async () => {
    await withBar({ state: "encrypted" }, async (bar) => {
      const { nodes, navigations } = await bar.evaluate(async (element) => {
        const poisons = [
          '"><img src=x onerror=alert(1)>',
          "<script>alert(1)</script>",
          "javascript:alert(document.domain)",
          "\u202egro.elpmaxe//:sptth",
          "\0\u2066\u200f\ud800",
          "https://user:pass@evil.example@other.example/",
          "data:text/html,<svg onload=alert(1)>",
          "https://xn--80ak6aa92e.com/🔒%E2%80%AE",
          `https://${"a.".repeat(200)}example/`,
          "a".repeat(65_536),
        ];
        const root = element.shadowRoot;
        if (root === null) throw new Error("no root");
        const names = new Set<string>();
        for (let index = 0; index < 500; index++) {
          const poison = `${poisons[index % poisons.length] ?? ""}${index}`;
          const other = poisons[(index * 7 + 3) % poisons.length] ?? "";
          const url = index % 2 === 0 ? poison : `https://example.org/${poison}`;
          element.url = url;
          element.pending = other;
          element.history = [{ url: `https://example.org/${other}`, title: poison, visits: 1, lastVisit: 0 }];
          element.security = {
            origin: "https://example.org",
            trust: "refused",
            problems: [poison, other],
            protocol: poison,
            subject: other,
            notAfter: poison,
          };
          await element.updateComplete;
          if (index % 20 === 0) {
            root.querySelector<HTMLElement>("[part=security]")?.click();
            await element.updateComplete;
          }
          for (const each of root.querySelectorAll("*")) {
            names.add(each.localName);
            for (const name of each.getAttributeNames()) {
              if (name.startsWith("on") || name === "src" || name === "href" || name === "style") names.add(`@${name}`);
            }
          }
        }
        return { nodes: [...names].sort(), navigations: location.search };
      });
      const made = "bdi button circle dd div dl dt input li p path rect section span svg ul".split(" ");
      assert.deepEqual(
        nodes.filter((name) => !made.includes(name)),
        [],
      );
      assert.match(navigations, /state=encrypted/);
      assert.deepEqual(await bar.told(), []);
    });
  });
});

/** The bar of a gallery page, as a person uses it. */
class ShownBar {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get line(): ReturnType<Page["getByRole"]> {
    return this.page
      .getByRole("combobox", { name: "Address" })
      .or(this.page.getByRole("combobox", { name: "العنوان" }));
  }

  get options(): ReturnType<Page["getByRole"]> {
    return this.page.getByRole("option");
  }

  evaluate<Result>(act: (element: FairleadAddressBar) => Result | Promise<Result>): Promise<Result> {
    return this.page.locator("fairlead-address-bar").evaluate(act);
  }

  /** Remembers the events that reach the page. */
  async listen(): Promise<void> {
    await this.page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      const { body } = document;
      body.addEventListener("fairlead-navigate", ({ type, url }) => told.push(`${type} ${url}`));
      body.addEventListener("fairlead-forget-visit", ({ type, url }) => told.push(`${type} ${url}`));
      body.addEventListener("fairlead-show-certificate", ({ type, origin }) => told.push(`${type} ${origin}`));
      body.addEventListener("fairlead-cue-answer", ({ type, answer, cue, url }) =>
        told.push(`${type} ${answer} ${cue.type} ${url}`),
      );
    });
  }

  told(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as { told: readonly string[] }).told);
  }

  /** Waits until the page has been told so much. */
  async hasTold(count: number): Promise<void> {
    await this.page.waitForFunction(
      (count) => (window as unknown as { told: readonly string[] }).told.length >= count,
      count,
    );
  }

  /** Waits until the line holds a text, and has been drawn with it. */
  async holds(text: string): Promise<void> {
    await this.page.waitForFunction((text) => {
      const bar = document.querySelector("fairlead-address-bar");
      return bar?.isUpdatePending === false && bar.shadowRoot?.querySelector("input")?.value === text;
    }, text);
  }

  async set(given: Partial<FairleadAddressBar>): Promise<void> {
    await this.page.locator("fairlead-address-bar").evaluate(async (element: FairleadAddressBar, entries) => {
      for (const [name, value] of entries) Object.assign(element, { [name]: value });
      await element.updateComplete;
    }, Object.entries(given));
  }

  async type(text: string): Promise<void> {
    await this.line.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
  }

  async paste(text: string): Promise<void> {
    await this.line.evaluate((input, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  selection(): Promise<string> {
    return this.line.evaluate(async (input) => {
      await new Promise(requestAnimationFrame);
      // The line of the bar is one.
      const { value, selectionStart, selectionEnd } = input as HTMLInputElement;
      return value.slice(selectionStart ?? 0, selectionEnd ?? 0);
    });
  }

  /** What stands in the bar at rest; empty while it is edited. */
  shown(): Promise<string> {
    return this.evaluate((element) => element.shadowRoot?.querySelector(".shown")?.textContent.trim() ?? "");
  }

  said(): Promise<string> {
    return this.evaluate((element) => element.shadowRoot?.querySelector("#said")?.textContent.trim() ?? "");
  }

  chip(): Promise<string> {
    return this.evaluate((element) => element.shadowRoot?.querySelector(".chip")?.textContent.trim() ?? "");
  }
}

/** Writes into the bar as an input method does: a text that is being composed changes until it is committed. */
class InputMethod implements AsyncDisposable {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async on({ page }: ShownBar): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  async compose(text: string): Promise<void> {
    const end = text.length;
    await this.#session.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
  }

  async commit(text: string): Promise<void> {
    await this.#session.send("Input.insertText", { text });
  }

  /** Presses a key that the method takes for itself: the page sees it with the code 229. */
  async press(key: string): Promise<void> {
    for (const type of ["rawKeyDown", "keyUp"] as const) {
      await this.#session.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: 229 });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.detach();
  }
}
