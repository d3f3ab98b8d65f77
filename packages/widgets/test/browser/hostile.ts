import fc from "fast-check";
import type { Page } from "playwright-core";

/** A text written short, so that 64 KiB of it travel as a few bytes: a part, and how often it stands there. */
export interface RepeatedText {
  readonly part: string;
  readonly times: number;
}

/** Texts that would be more than text where somebody took them for markup, for a URL, for a direction, for a length. */
export function hostileText(): fc.Arbitrary<RepeatedText> {
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...markup) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom(...unseen, ...markup, "bank", " "), { maxLength: 6 })
        .map((each) => each.join("")),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 24 }) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.integer({ min: 0xd800, max: 0xdfff }), { maxLength: 4 })
        .map((units) => String.fromCharCode(...units)),
    },
  );
  // Nothing at all is another shape.
  const some = part.filter((text) => text !== "");
  return fc.oneof(
    { weight: 15, arbitrary: some.map((text) => ({ part: text, times: 1 })) },
    { weight: 1, arbitrary: some.map((text) => ({ part: text, times: Math.ceil(65_536 / text.length) })) },
  );
}

/** A text that is nothing but text. */
export const harmlessText: RepeatedText = { part: "harmless", times: 1 };

/** What a page made of hostile values. */
export interface HostileOutcome {
  /**
   * The first sample that has other nodes than the harmless one of the same shape, and both trees from where they part;
   * `undefined` where all are alike.
   */
  readonly difference: { readonly index: number; readonly harmless: string; readonly hostile: string } | undefined;
  /** Whether a script ran that was in a text. */
  readonly hasRun: boolean;
  /** Nodes that the document has more than it had, outside of the element. */
  readonly strayNodes: number;
}

/**
 * Draws an element with the properties of each sample, one after the other, and compares its nodes, in all shadow trees,
 * with those of the harmless sample. Every {@link RepeatedText} in the samples is a string for the element.
 *
 * @param tag an element that the page knows.
 */
export async function drawHostile(
  page: Page,
  tag: string,
  harmless: object,
  samples: readonly object[],
): Promise<HostileOutcome> {
  // As text of JSON, since halves of characters would not come through as they are.
  return page.evaluate(draw, { tag, samples: JSON.stringify([harmless, ...samples]) });
}

const script = "window.__ran=true";

const markup = [
  `<script>${script}</script>`,
  `<img src=x onerror="${script}">`,
  `<svg onload=${script}>`,
  `"><iframe srcdoc="<script>parent.__ran=true</script>">`,
  `' onfocus='${script}' autofocus='`,
  `javascript:${script}`,
  `</bdi></li></ul><b class="danger">`,
  "<style>*{display:none}</style>",
  "<!--?lit$123456789$--><!--",
  "</template><slot name=x></slot>",
  "<fairlead-copy-button></fairlead-copy-button>",
  "&lt;b&gt;&#0;&amp;",
  "${alert(1)}{{alert(1)}}",
  "]]>",
  "__proto__",
  "CN=a, CN=b",
  "\\u003cb\\u003e%3Cb%3E",
];

const unseen = [
  "\0",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u0301",
  "\r\n",
  "\u2028",
  "\u{e0041}",
  "\ud83d",
  "\udd12",
];

/** Runs in the page, with nothing from outside of itself. */
async function draw({ tag, samples }: { readonly tag: string; readonly samples: string }): Promise<HostileOutcome> {
  const values = JSON.parse(samples, (_, value: unknown) =>
    typeof value === "object" && value !== null && "part" in value && "times" in value
      ? String(value.part).repeat(Number(value.times))
      : value,
  ) as readonly object[];
  const spoken = new Set(["aria-label", "aria-description", "aria-valuetext", "title", "alt", "placeholder", "value"]);
  const element = document.createElement(tag);
  document.body.append(element);
  const before = document.querySelectorAll("*").length;
  let harmless: string | undefined;
  let difference: HostileOutcome["difference"];
  for (const [index, value] of values.entries()) {
    Object.assign(element, value);
    await settle(element);
    const tree = describe(element);
    harmless ??= tree;
    if (tree !== harmless) {
      let from = 0;
      while (tree[from] === harmless[from]) from++;
      const excerpt = (text: string): string => text.slice(Math.max(from - 120, 0), from + 120);
      difference = { index: index - 1, harmless: excerpt(harmless), hostile: excerpt(tree) };
      break;
    }
  }
  const strayNodes = document.querySelectorAll("*").length - before;
  element.remove();
  return { difference, hasRun: "__ran" in window, strayNodes };

  /** Elements draw those inside of them, which then draw themselves. */
  async function settle(root: Element): Promise<void> {
    await (root as Element & { readonly updateComplete?: Promise<unknown> }).updateComplete;
    for (const inner of root.shadowRoot?.querySelectorAll("*") ?? [])
      if (inner.shadowRoot !== null) await settle(inner);
  }

  /** Names of elements and attributes, and the values of those attributes that are more than text. */
  function describe(node: Node): string {
    if (node.nodeType === Node.COMMENT_NODE) return "!";
    if (!(node instanceof Element)) return "";
    let attributes = "";
    for (const { name, value } of node.attributes) attributes += ` ${name}${spoken.has(name) ? "" : `=${value}`}`;
    let inner = "";
    for (const each of node.shadowRoot?.childNodes ?? []) inner += describe(each);
    if (node.shadowRoot !== null) inner += "|";
    for (const each of node.childNodes) inner += describe(each);
    return `<${node.localName}${attributes}>${inner}</>`;
  }
}
