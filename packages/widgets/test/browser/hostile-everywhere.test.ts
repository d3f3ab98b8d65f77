import assert from "node:assert/strict";
import { test } from "node:test";
import { skipWithoutBrowser } from "@fairlead/conformance/browser";
import { sections } from "../../gallery/sections.ts";
import { openGallery } from "./gallery.ts";
import { BAIT_FLAG, BAIT_HOST, hostileText } from "./hostile-texts.ts";

const ENOUGH = 10_000;
/** Texts that are put into the widgets of a page at once. */
const AT_ONCE = 256;
/** How often each widget is given others. */
const ROUNDS = 8;

test("10,000 hostile texts make no node, run no script, ask nobody and lead nowhere, in whatever a widget is given", {
  skip: skipWithoutBrowser(),
}, async (context) => {
  await using gallery = await openGallery();
  let given = 0;
  const told: string[] = [];
  for (const { tag, states } of sections) {
    // Where all states cover the page, one of them is looked at.
    const state = states.every(({ coversPage }) => coversPage) ? states[0]?.name : undefined;
    await using shown = await gallery.show({ section: tag, ...(state !== undefined && { state }) });
    const { page, problems } = shown;
    const asked: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(gallery.url) || request.isNavigationRequest()) asked.push(request.url());
    });
    const before = page.url();
    let inWidget = 0;
    for (let round = 0; round < ROUNDS && inWidget < ENOUGH / 2; round++) {
      const texts = Array.from({ length: AT_ONCE }, (_, index) => hostileText(given + index));
      const { used, strange } = await page.evaluate(giveAll, { texts, host: BAIT_HOST });
      assert.deepEqual(strange, [], tag);
      given += used;
      inWidget += used;
    }
    told.push(`${inWidget} in <${tag}>`);
    assert.equal(await page.evaluate((flag) => flag in globalThis, BAIT_FLAG), false, `a script ran in <${tag}>`);
    assert.deepEqual(asked, [], tag);
    assert.equal(page.url(), before, tag);
    assert.deepEqual(problems, [], tag);
  }
  assert.ok(given >= ENOUGH, `only ${given} texts found a place`);
  context.diagnostic(told.join(", "));
});

/**
 * Runs in the page: puts hostile texts into whatever text the elements on it were given, however deep, and tells how many
 * found a place, and what of the page was not made by a template.
 */
async function giveAll({
  texts,
  host,
}: {
  readonly texts: readonly string[];
  readonly host: string;
}): Promise<{ used: number; strange: readonly string[] }> {
  interface Widget extends HTMLElement {
    readonly updateComplete: Promise<unknown>;
    [property: string]: unknown;
  }
  const all = (root: ParentNode): readonly Element[] =>
    [...root.querySelectorAll("*")].flatMap((each) => [
      each,
      ...(each.shadowRoot === null ? [] : all(each.shadowRoot)),
    ]);
  let used = 0;
  // Words in small letters are members of unions, which only the host application can choose.
  const isChosenByHost = (text: string): boolean => /^[a-z][a-z-]{0,23}$/.test(text);
  const spoiled = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return isChosenByHost(value) ? value : (texts[used++ % texts.length] ?? "");
    if (depth > 8 || value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each: unknown) => spoiled(each, depth + 1));
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoiled(each, depth + 1)]));
  };

  const widgets = [...document.querySelectorAll<Widget>(".state *")].filter((each) => "updateComplete" in each);
  const known = new Set(all(document.body).map(({ localName }) => localName));
  for (const widget of widgets) {
    // Lit keeps what an element can be given with its class.
    const { elementProperties } = widget.constructor as unknown as {
      readonly elementProperties: ReadonlyMap<string, { readonly state?: boolean }>;
    };
    for (const [name, { state }] of elementProperties) {
      if (name !== "messages" && state !== true) widget[name] = spoiled(widget[name], 0);
    }
  }
  for (const each of all(document.body)) if ("updateComplete" in each) await (each as Widget).updateComplete;
  await new Promise(requestAnimationFrame);

  const allowed = new Set([
    ...known,
    ..."a abbr article aside b bdi button caption circle code col dd details dialog div dl dt em fieldset figcaption figure footer form g h1 h2 h3 h4 header hr i input kbd label legend li line main meter nav ol optgroup option output p path polyline pre progress rect section select slot small span strong sub summary sup svg table tbody td textarea tfoot th thead time title tr ul wbr".split(
      " ",
    ),
  ]);
  const strange: string[] = [];
  for (const each of all(document.body)) {
    const isOurs = each.localName.startsWith("fairlead-") || allowed.has(each.localName);
    if (!isOurs || ["script", "iframe", "img", "style", "base", "meta", "object", "embed"].includes(each.localName))
      strange.push(`an element <${each.localName}>`);
    for (const { name, value } of each.attributes) {
      // Custom properties are what the directive sets.
      const isStyle = name === "style" && !/^(?:\s*--[\w-]+:\s*[\w.%+-]+;)*\s*$/.test(value);
      if (name.startsWith("on") || name === "srcdoc" || isStyle)
        strange.push(`<${each.localName} ${name}="${value.slice(0, 80)}">`);
      if (
        ["href", "src", "action", "formaction", "xlink:href"].includes(name) &&
        !value.startsWith("?") &&
        value !== ""
      )
        if (value.includes(host) || !/^(?:[#?]|blob:)/.test(value))
          strange.push(`<${each.localName} ${name}="${value.slice(0, 80)}">`);
    }
  }
  return { used, strange: strange.slice(0, 10) };
}
