import type { Page } from "playwright-core";

/** What is wider than the page, or than the place that a state has in it: each as its state and its width. */
export function wideStates(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll(".state")].filter((each) => each.scrollWidth > each.clientWidth + 1);
    const told = wide.map((each) => `${each.id} is ${each.scrollWidth} wide in ${each.clientWidth}`);
    if (root.scrollWidth > root.clientWidth) told.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
    return told;
  });
}

/**
 * Presses Tab until it is through, and tells what it did not come by, and where nothing showed that it was there. Of a
 * group of radio buttons one is met; what has a `tabindex` below 0 is reached by other keys, which the widget's own tests
 * press.
 */
export async function tabBarriers(page: Page): Promise<readonly string[]> {
  // What has the focus from the beginning looks like it, and what closes when it loses it is no stop.
  await page.evaluate(() => {
    let focused = document.activeElement;
    for (let inner = focused; inner !== null; inner = inner.shadowRoot?.activeElement ?? null) focused = inner;
    if (focused instanceof HTMLElement) focused.blur();
    return new Promise(requestAnimationFrame);
  });
  const expected = await page.evaluate(() => {
    const all = (root: ParentNode): readonly Element[] =>
      [...root.querySelectorAll("*")].flatMap((each) => [
        each,
        ...(each.shadowRoot === null ? [] : all(each.shadowRoot)),
      ]);
    const groups = new Set<unknown>();
    // What surrounds it may show the focus in its place.
    const look = (element: Element): string => {
      const looks: string[] = [];
      for (let at: Element | null = element, steps = 0; at !== null && steps < 6; steps++) {
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(at);
        looks.push(outlineStyle === "none" ? "" : outlineWidth, boxShadow, borderColor);
        const root = at.getRootNode();
        at = at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
      }
      return looks.join("|");
    };
    const stops = all(document.body).filter((each) => {
      // Elements of HTML have it.
      const { tabIndex } = each as HTMLElement;
      if (tabIndex < 0 || !each.matches("a[href], button, input, select, textarea, summary, [tabindex]")) return false;
      if (each.matches(":disabled") || !each.checkVisibility({ visibilityProperty: true })) return false;
      if (each.closest("[inert]") !== null) return false;
      if (each instanceof HTMLInputElement && each.type === "radio") {
        const group = each.closest("fieldset, [role=radiogroup]") ?? each.name;
        if (groups.has(group)) return false;
        groups.add(group);
        each.dataset["tabGroup"] = "";
      }
      return true;
    });
    const names = new Map(stops.map((each) => [each, describe(each)]));
    const before = new Map(stops.map((each) => [each, look(each)]));
    const met = new Set<Element>();
    const unseen: string[] = [];
    Object.assign(window, {
      tabMet: (): boolean => {
        let at = document.activeElement;
        for (let inner = at; inner !== null; inner = inner.shadowRoot?.activeElement ?? null) at = inner;
        if (at === null || at === document.body) return false;
        if (before.get(at) === look(at)) unseen.push(`nothing shows that ${names.get(at) ?? ""} has the focus`);
        met.add(at);
        return true;
      },
      tabTold: (): readonly string[] => {
        const missed = stops.filter(
          (each) => !met.has(each) && !(each instanceof HTMLInputElement && each.type === "radio" && groupMet(each)),
        );
        return [...missed.map((each) => `Tab does not reach ${names.get(each) ?? ""}`), ...unseen];
      },
    });
    return stops.length;

    function groupMet(radio: HTMLInputElement): boolean {
      const group = radio.closest("fieldset, [role=radiogroup]") ?? radio.getRootNode();
      return [...met].some((each) => each instanceof HTMLInputElement && each.type === "radio" && group.contains(each));
    }

    function describe(element: Element): string {
      const host = element.getRootNode() instanceof ShadowRoot ? (element.getRootNode() as ShadowRoot).host : undefined;
      const state = (host ?? element).closest(".state")?.id ?? host?.localName ?? "";
      const name =
        element.getAttribute("aria-label") ?? element.textContent.trim().replaceAll(/\s+/g, " ").slice(0, 40);
      return `${state} <${element.localName}> “${name}”`;
    }
  });
  // Tab goes on from what has the focus, or had it last: from the beginning, whatever a state did.
  const isModal = await page.evaluate(() => {
    window.scrollTo(0, 0);
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    const isRefused = document.activeElement !== start;
    start.remove();
    return isRefused;
  });
  // In a dialog it goes on from the control that has the focus by itself, and comes round to that after the last.
  let rounds = isModal ? 2 : 1;
  for (let pressed = 0; pressed < expected * 2 + 4; pressed++) {
    await page.keyboard.press("Tab");
    const isIn = await page.evaluate(() => (window as unknown as { tabMet(): boolean }).tabMet());
    if (!isIn && pressed > 0) rounds -= 1;
    if (rounds === 0) break;
  }
  return page.evaluate(() => (window as unknown as { tabTold(): readonly string[] }).tabTold());
}

/**
 * What cannot be told from the page around it in forced colours, where backgrounds that a style sheet gives are gone:
 * controls without a border or text, and shapes that were a background and nothing else. First called without forced
 * colours with `remember`, then with them.
 */
export function vanishing(page: Page, step: "remember" | "tell"): Promise<readonly string[]> {
  return page.evaluate((step) => {
    const all = (root: ParentNode): readonly Element[] =>
      [...root.querySelectorAll("*")].flatMap((each) => [
        each,
        ...(each.shadowRoot === null ? [] : all(each.shadowRoot)),
      ]);
    const shown = all(document.body).filter((each) => {
      const { width, height } = each.getBoundingClientRect();
      return width >= 1 && height >= 1 && each.checkVisibility({ visibilityProperty: true });
    });
    const isClear = (colour: string): boolean => /^rgba.*, 0\)$/.test(colour);
    const hasBorder = (style: CSSStyleDeclaration): boolean =>
      (["Top", "Right", "Bottom", "Left"] as const).some(
        (side) =>
          style[`border${side}Style`] !== "none" &&
          style[`border${side}Width`] !== "0px" &&
          !isClear(style[`border${side}Color`]),
      ) || style.outlineStyle !== "none";
    const behind = (element: Element): string => {
      for (let at: Element | null = element; at !== null; ) {
        const root: Node = at.getRootNode();
        at = at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
        const colour: string = at === null ? "" : getComputedStyle(at).backgroundColor;
        if (at !== null && !isClear(colour)) return colour;
      }
      return "rgb(255, 255, 255)";
    };
    const isShape = (each: Element): boolean => {
      const style = getComputedStyle(each);
      const hasText = each.textContent.trim() !== "" || each.shadowRoot !== null || each.childElementCount > 0;
      return !hasText && each instanceof HTMLElement && !each.matches("input, select, textarea, progress, meter, slot")
        ? !isClear(style.backgroundColor) && style.backgroundColor !== behind(each) && !hasBorder(style)
        : false;
    };
    const describe = (each: Element): string => {
      let host: Element = each;
      for (let root = each.getRootNode(); root instanceof ShadowRoot; root = host.getRootNode()) host = root.host;
      const name = each.getAttribute("class") ?? each.getAttribute("aria-label") ?? "";
      return `${host.closest(".state")?.id ?? ""} <${each.localName}> ${name}`;
    };
    const page = window as unknown as { shapes?: readonly Element[] };
    if (step === "remember") {
      page.shapes = shown.filter(isShape);
      return [];
    }
    const controls = shown.filter((each) => each.matches("button, input, select, textarea, summary, a[href]"));
    const lost = controls.filter(
      (each) =>
        each.textContent.trim() === "" &&
        !each.matches("[type=checkbox], [type=radio], [type=range]") &&
        each.querySelector("svg") === null &&
        !hasBorder(getComputedStyle(each)),
    );
    const flat = (page.shapes ?? []).filter((each) => {
      const style = getComputedStyle(each);
      return !hasBorder(style) && (isClear(style.backgroundColor) || style.backgroundColor === behind(each));
    });
    return [...new Set([...lost, ...flat].map(describe))];
  }, step);
}
