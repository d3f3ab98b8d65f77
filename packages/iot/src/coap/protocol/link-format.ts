import { UsageError } from "@fairlead/core";

/** A link of the format that devices list their resources in. RFC 6690 section 2. */
export interface CoapLink {
  /** A URI reference, as it is written. */
  readonly target: string;
  /** In their order; several may have one name. */
  readonly attributes: readonly CoapLinkAttribute[];
}

/** What a link says of its target, such as `rt`, `if`, `ct`, `sz`, `obs`, `title`. */
export interface CoapLinkAttribute {
  readonly name: string;
  /** `undefined` for one that says it by being there, such as `obs`. */
  readonly value: string | undefined;
}

/** What a text is. */
export type LinkFormatReading =
  | { readonly type: "links"; readonly links: readonly CoapLink[] }
  /** None. `at` is the index of the first character that does not fit. */
  | { readonly type: "malformed"; readonly at: number };

/**
 * Parses links. Never throws; takes time and memory in proportion to the text. White space between the parts, which the
 * format does not have, is passed over.
 *
 * @see RFC 6690 section 2
 *
 * @example
 * const reading = parseLinkFormat('</sensors/temp>;rt="temperature";ct=50;obs');
 * if (reading.type === "links") console.log(reading.links.map(({ target }) => target));
 */
export function parseLinkFormat(text: string): LinkFormatReading {
  const input = { text, at: 0 };
  const links: CoapLink[] = [];
  if (pass(input, space) && input.at === text.length) return { type: "links", links };
  for (;;) {
    const target = take(input, targetForm);
    if (target === undefined) return { type: "malformed", at: input.at };
    const attributes: CoapLinkAttribute[] = [];
    while (pass(input, semicolon)) {
      const attribute = takeAttribute(input);
      if (attribute === undefined) return { type: "malformed", at: input.at };
      attributes.push(attribute);
    }
    links.push({ target, attributes });
    if (pass(input, comma)) continue;
    pass(input, space);
    return input.at === text.length ? { type: "links", links } : { type: "malformed", at: input.at };
  }
}

/**
 * Formats links. Numbers of `ct` and `sz` stand alone, other values in quotes.
 *
 * @throws UsageError OPTION_INVALID for a target that is no URI reference, or a name or value that has no form.
 * @see RFC 6690 section 2
 */
export function formatLinkFormat(links: readonly CoapLink[]): string {
  return links.map(formatLink).join(",");
}

/** Value of the first attribute of a name; empty for one without a value, `undefined` where there is none. */
export function linkAttribute({ attributes }: CoapLink, name: string): string | undefined {
  const attribute = attributes.find((each) => each.name === name);
  return attribute && (attribute.value ?? "");
}

/** What an attribute lists, with spaces between, as `rt`, `if`, `rel` and `ct` do. RFC 6690 section 3. */
export function linkAttributeList(link: CoapLink, name: string): readonly string[] {
  return (linkAttribute(link, name) ?? "").split(" ").filter(Boolean);
}

interface Input {
  readonly text: string;
  at: number;
}

/** The group of an expression that matches here, or `undefined`, and then nothing is passed. */
function take(input: Input, expression: RegExp): string | undefined {
  expression.lastIndex = input.at;
  const match = expression.exec(input.text);
  if (match === null) return undefined;
  input.at = expression.lastIndex;
  return match[1] ?? "";
}

function pass(input: Input, expression: RegExp): boolean {
  return take(input, expression) !== undefined;
}

function takeAttribute(input: Input): CoapLinkAttribute | undefined {
  const name = take(input, nameForm);
  if (name === undefined) return undefined;
  if (!pass(input, equals)) return { name, value: undefined };
  const value = input.text[input.at] === '"' ? takeQuoted(input) : take(input, tokenForm);
  return value === undefined ? undefined : { name, value };
}

/** By hand: an expression with a choice in it keeps a place to go back to for each character, and there may be millions. */
function takeQuoted(input: Input): string | undefined {
  let value = "";
  for (let from = input.at + 1; ; ) {
    quoteOrBackslash.lastIndex = from;
    const found = quoteOrBackslash.exec(input.text);
    if (found === null) return undefined;
    value += input.text.slice(from, found.index);
    if (found[0] === '"') {
      input.at = found.index + 1;
      return value;
    }
    value += input.text.charAt(found.index + 1);
    from = found.index + 2;
  }
}

function formatLink({ target, attributes }: CoapLink): string {
  if (!isTarget.test(target)) throw unwritable("target");
  return [`<${target}>`, ...attributes.map(formatAttribute)].join(";");
}

function formatAttribute({ name, value }: CoapLinkAttribute): string {
  if (!isAttributeName.test(name)) throw unwritable("attribute name");
  if (value === undefined) return name;
  if (!value.isWellFormed() || hasControl.test(value)) throw unwritable(name);
  const isBare = (name === "ct" || name === "sz") && /^(?:0|[1-9]\d*)$/.test(value);
  return `${name}=${isBare ? value : `"${value.replaceAll(/["\\]/g, "\\$&")}"`}`;
}

function unwritable(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", {
    ...{ operation: "formatLinkFormat", detail },
    remedy: "percent-encode targets, and leave out control characters",
  });
}

const space = /[ \t\r\n]*/y;
const comma = /[ \t\r\n]*,[ \t\r\n]*/y;
const semicolon = /[ \t\r\n]*;[ \t\r\n]*/y;
const equals = /=/y;
const targetForm = /<([^<>\s]*)>/y;
const isTarget = /^[\x21-\x3b\x3d\x3f-\x7e]*$/;
/** `parmname` of RFC 5987, with the star of an extended one. */
const nameForm = /([!#$&+\-.^_`|~0-9A-Za-z]+\*?)/y;
const isAttributeName = /^[!#$&+\-.^_`|~0-9A-Za-z]+\*?$/;
const quoteOrBackslash = /["\\]/g;
/** `ptoken`. RFC 6690 section 2. */
const tokenForm = /([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+)/y;
const hasControl = /[\u0000-\u001f\u007f]/;
