import { describedElements, type DescribedElement, elementManifest } from "./element-manifest.ts";

/** What all elements have is told once. */
const shared: ReadonlySet<string> = new Set(["messages"]);

/** Custom properties that are there for one element alone begin with its name. */
function isOwn(tagName: string, property: string): boolean {
  return property.startsWith(`--${tagName}-`);
}

/** docs/widgets.md: what each element takes and tells, and what of it can be styled, as its docstrings say. */
export function widgetReference(): string {
  const elements = describedElements(elementManifest());
  const [first] = elements;
  return [
    "# Widgets",
    "",
    "What each element of `@fairlead/widgets` takes and tells. [The guide](guide/widgets.md) says how to use them;",
    "`npm run gallery` shows all in every state. Made of the docstrings by `npm run docs`.",
    "",
    ...elements.flatMap(describe),
    "## What all have in common",
    "",
    ...(first?.members ?? [])
      .filter(({ name }) => shared.has(name))
      .map((each) => `- property \`${each.name}\`: ${oneLine(each.description)}`),
    "- The attributes `lang` and `dir` are set by the words that it speaks.",
    "",
    ...table(
      ["custom property", "what it is for"],
      (first?.cssProperties ?? [])
        .filter(({ name }) => !isOwn(first?.tagName ?? "", name))
        .map(({ name, description }) => [code(name), oneLine(description)]),
    ),
  ].join("\n");
}

function describe({ tagName, name, description, members = [], events = [], ...element }: DescribedElement): string[] {
  const fields = members.flatMap((each) => (each.kind === "field" && !shared.has(each.name) ? [each] : []));
  const methods = members.flatMap((each) => (each.kind === "method" ? [each] : []));
  return [
    `## &lt;${tagName}&gt;`,
    "",
    `\`${name}\`. ${oneLine(description)}`,
    "",
    ...table(
      ["property", "type", "what it is", "attribute"],
      fields.map((each) => [
        code(each.name),
        code(each.type?.text),
        oneLine(each.description),
        code(element.attributes?.find(({ fieldName }) => fieldName === each.name)?.name),
      ]),
    ),
    ...table(
      ["method", "what it does"],
      methods.map((each) => [code(`${each.name}()`), oneLine(each.description)]),
    ),
    ...table(
      ["event", "class", "what it tells"],
      events.map((each) => [code(each.name), code(each.type.text), oneLine(each.description)]),
    ),
    ...table(
      ["part", "what it is"],
      (element.cssParts ?? []).map((each) => [code(each.name), oneLine(each.description)]),
    ),
    ...table(
      ["custom property", "what it is for"],
      (element.cssProperties ?? [])
        .filter((each) => isOwn(tagName, each.name))
        .map((each) => [code(each.name), oneLine(each.description)]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((each) => each.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function code(text = ""): string {
  return text === "" ? "" : `\`${oneLine(text)}\``;
}

function oneLine(text = ""): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
