import { UsageError } from "@fairlead/core";
import { encodeExtendedValue } from "./extended-value.ts";

/** A link to be written. */
export interface LinkInput {
  /** A URI reference. */
  readonly target: string;
  readonly relations: readonly string[];
  /** Any text: what ASCII does not have goes out as `title*`. */
  readonly title?: string;
  /** Other attributes, in ASCII. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Formats the value of `Link`.
 *
 * @throws UsageError HEADER_INVALID for a target, relation type or attribute that the field cannot hold.
 * @example
 * formatLinks([{ target: "/items?page=3", relations: ["next"] }]); // </items?page=3>; rel="next"
 * @see RFC 8288 section 3
 */
export function formatLinks(links: readonly LinkInput[]): string {
  return links.map(formatLink).join(", ");
}

function formatLink({ target, relations, title, attributes = {} }: LinkInput): string {
  if (!/^[\x21-\x3b\x3d\x3f-\x7e]*$/.test(target)) throw invalid("the target is no URI reference");
  if (relations.length === 0 || !relations.every((relation) => /^[\x21\x23-\x7e]+$/.test(relation))) {
    throw invalid("a relation type is a name or a URI");
  }
  const parts = [`<${target}>`, `rel=${quoted(relations.join(" "))}`];
  if (title !== undefined)
    parts.push(PRINTABLE.test(title) ? `title=${quoted(title)}` : `title*=${encodeExtendedValue(title)}`);
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^[!#$&+\-.^_`|~0-9A-Za-z]+$/.test(name) || !PRINTABLE.test(value))
      throw invalid(`attribute ${JSON.stringify(name)}`);
    parts.push(`${name}=${quoted(value)}`);
  }
  return parts.join("; ");
}

const PRINTABLE = /^[\x20-\x7e]*$/;

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function invalid(detail: string): UsageError {
  return new UsageError("HEADER_INVALID", { operation: "formatLinks", detail });
}
