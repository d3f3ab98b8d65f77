import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeViolations, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { sections } from "../../gallery/sections.ts";
import { tabBarriers, vanishing, wideStates } from "./barriers.ts";
import { openGallery, type OpenGallery } from "./gallery.ts";

/** Each theme and each language is looked at, not each with each other: colours do not depend on words. */
const manners = [
  { theme: "light", lang: "en" },
  { theme: "dark", lang: "ar" },
] as const;

/**
 * States that cover the page are looked at by themselves, in the one manner and the other by turns; all others of a widget
 * on one page, in both. What Tab reaches and what forced colours leave does not depend on the manner: once is enough.
 */
const views = sections.flatMap(({ tag, states }) => [
  ...manners.map((manner, index) => ({ section: tag, state: undefined, manner, isFirst: index === 0 })),
  ...states
    .filter(({ coversPage }) => coversPage)
    .map(({ name }, index) => ({ section: tag, state: name, manner: manners[index % 2] ?? manners[0], isFirst: true })),
]);

describe("each widget in each of its states", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("what the page's policy refuses and what its scripts get wrong would be seen", async () => {
    const baits: readonly (readonly [() => void, RegExp])[] = [
      [() => document.body.insertAdjacentHTML("beforeend", "<b>bait</b>"), /requires 'TrustedHTML'/],
      [() => document.body.setAttribute("onclick", "bait()"), /requires 'TrustedScript'/],
      [() => document.body.setAttribute("style", "color: red"), /inline style violates/],
      [() => document.body.append(Object.assign(new Image(), { src: "https://example.com/" })), /Loading the image/],
      [() => location.assign("javascript:bait()"), /Running the JavaScript URL violates/],
      [() => reportError(new Error("bait")), /bait/],
    ];
    await using shown = await gallery.show({ section: "fairlead-connectivity", state: "online" });
    const { page, problems } = shown;
    assert.deepEqual(problems, []);
    for (const [bait, problem] of baits) {
      const before = problems.length;
      await page.evaluate(bait).catch(() => undefined);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      assert.match(problems.slice(before).join("\n"), problem);
    }
  });

  test("what is too wide, out of the keyboard's reach, or there by its colour alone would be seen", async () => {
    await using shown = await gallery.show({ section: "fairlead-connectivity", state: "online" });
    const { page } = shown;
    await page.evaluate(() => {
      const place = document.querySelector(".state");
      const add = (tag: string, styles: Readonly<Record<string, string>>): HTMLElement => {
        const added = document.createElement(tag);
        for (const [name, value] of Object.entries(styles)) added.style.setProperty(name, value);
        place?.append(added);
        return added;
      };
      add("button", { outline: "none" }).textContent = "ringless";
      add("div", { width: "400px", height: "8px", background: "green" }).className = "bar";
      add("button", { border: "none", background: "red", width: "20px", height: "20px" }).ariaLabel = "colour";
      add("button", {}).textContent = "skipped";
      place?.lastElementChild?.addEventListener("focus", (event) => (event.currentTarget as HTMLElement).blur());
    });
    const place = "fairlead-connectivity--online";
    assert.deepEqual(await tabBarriers(page), [
      `Tab does not reach ${place} <button> “skipped”`,
      `nothing shows that ${place} <button> “ringless” has the focus`,
    ]);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await wideStates(page), [`${place} is 400 wide in 288`, "the page is 416 wide in 320"]);
    await vanishing(page, "remember");
    await page.emulateMedia({ forcedColors: "active" });
    assert.deepEqual(await vanishing(page, "tell"), [`${place} <button> colour`, `${place} <div> bar`]);
  });

  for (const { section, state, manner, isFirst } of views) {
    const name = `<${section}>${state === undefined ? "" : ` (${state})`}`;
    test(`${name}, ${manner.theme}, ${manner.lang}: no barriers, nothing outside of its place`, async () => {
      await using shown = await gallery.show({ section, ...(state !== undefined && { state }), ...manner });
      const { page, problems } = shown;
      // Several of a widget stand on the gallery's page, where an application has one.
      assert.deepEqual(await axeViolations(page, { without: ["landmark-unique"] }), [], "axe");
      if (isFirst) assert.deepEqual(await tabBarriers(page), [], "keyboard");

      for (const width of [320, 3840]) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await wideStates(page), [], `${width} px`);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
      assert.deepEqual(await wideStates(page), [], "text of twice its size");
      await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));

      if (isFirst) {
        await vanishing(page, "remember");
        await page.emulateMedia({ forcedColors: "active" });
        assert.deepEqual(await vanishing(page, "tell"), [], "forced colours");
      }
      assert.deepEqual(problems, []);
    });
  }
});
