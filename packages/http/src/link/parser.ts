import { decodeExtendedValue } from "./extended-value.ts";
import type { Link } from "./link.ts";

/** Links of one field: no service that means well has more, and each costs its reader memory. */
const LINKS_LIMIT = 1_000;
/** Parameters of one link. */
const PARAMETERS_LIMIT = 100;

/**
 * Parses the value of `Link`. What follows something that is no link is not looked at, as with the algorithm of the RFC;
 * neither is what follows the thousandth link.
 *
 * @param value the lines of the field, joined by commas.
 * @see RFC 8288 section 3 and appendix B.2
 */
export function parseLinks(value: string | undefined): readonly Link[] {
  const links: Link[] = [];
  if (value === undefined) return links;
  const input = { text: value, at: 0 };
  while (links.length < LINKS_LIMIT) {
    // Empty members of a list are nothing. RFC 9110 section 5.6.1.2.
    pass(input, SPACE_AND_COMMA);
    if (input.text[input.at] !== "<") break;
    const end = input.text.indexOf(">", input.at);
    if (end === -1) break;
    const target = input.text.slice(input.at + 1, end);
    input.at = end + 1;
    links.push(linkOf(target, takeParameters(input)));
    pass(input, SPACE);
    if (input.text[input.at] !== ",") break;
  }
  return links;
}

interface Input {
  readonly text: string;
  at: number;
}

const SPACE = /[ \t]*/y;
const SPACE_AND_COMMA = /[ \t,]*/y;
const NAME = /[^ \t=;,]*/y;
const UNQUOTED = /[^;,]*/y;
/** One whose end is missing ends where the value does. */
const QUOTED = /"([^"\\]*(?:\\[^][^"\\]*)*)(?:"|\\?$)/y;

/** Passes over what an expression matches here. @returns its group where it has one, else all of it. */
function pass(input: Input, expression: RegExp): string {
  expression.lastIndex = input.at;
  const [found = "", group = found] = expression.exec(input.text) ?? [];
  input.at += found.length;
  return group;
}

/** The first parameter of each name. RFC 8288 appendix B.3. */
function takeParameters(input: Input): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (;;) {
    pass(input, SPACE);
    if (input.text[input.at] !== ";") return parameters;
    input.at += 1;
    pass(input, SPACE);
    const name = pass(input, NAME).toLowerCase();
    pass(input, SPACE);
    const value = takeValue(input);
    if (name !== "" && !parameters.has(name) && parameters.size < PARAMETERS_LIMIT) parameters.set(name, value);
  }
}

function takeValue(input: Input): string {
  if (input.text[input.at] !== "=") return "";
  input.at += 1;
  pass(input, SPACE);
  if (input.text[input.at] !== '"') return pass(input, UNQUOTED).trimEnd();
  const value = pass(input, QUOTED);
  // What stands behind a quoted value is no part of anything.
  pass(input, UNQUOTED);
  return value.replace(/\\([^])/g, "$1");
}

function linkOf(target: string, parameters: ReadonlyMap<string, string>): Link {
  const attributes = new Map(parameters);
  for (const name of ["rel", "anchor", "title", "title*"]) attributes.delete(name);
  const extended = parameters.get("title*");
  return {
    target,
    relations: (parameters.get("rel") ?? "")
      .toLowerCase()
      .split(/[ \t]+/)
      .filter(Boolean),
    anchor: parameters.get("anchor"),
    title: (extended === undefined ? undefined : decodeExtendedValue(extended)) ?? parameters.get("title"),
    attributes,
  };
}
