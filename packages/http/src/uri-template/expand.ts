import { UsageError } from "@fairlead/core";
import { encodeReserved, encodeUnreserved } from "./encode.ts";
import type {
  TemplateExpression,
  TemplateOperator,
  TemplateScalar,
  TemplateValues,
  TemplateVariable,
  UriTemplate,
} from "./template.ts";

/**
 * Puts values into a template. What has no value is left out, as the standard has it: `users/{id}` without `id` is `users/`.
 *
 * What simple expressions give stays within a segment, except that a value may be `.` or `..`, which are unreserved: whoever
 * resolves what comes out looks for those.
 *
 * @throws UsageError URL_TEMPLATE_INVALID for a prefix of a list or an association.
 * @see RFC 6570 section 3
 */
export function expandUriTemplate(template: UriTemplate, values: TemplateValues): string {
  let expanded = "";
  for (const part of template.parts) expanded += typeof part === "string" ? part : expandExpression(part, values);
  return expanded;
}

/** What an operator does. RFC 6570 appendix A. */
interface OperatorRules {
  readonly first: string;
  readonly separator: string;
  readonly isNamed: boolean;
  /** What follows the name of an empty value. */
  readonly ifEmpty: string;
  readonly encode: (text: string) => string;
}

const RULES: Readonly<Record<TemplateOperator, OperatorRules>> = {
  "": { first: "", separator: ",", isNamed: false, ifEmpty: "", encode: encodeUnreserved },
  "+": { first: "", separator: ",", isNamed: false, ifEmpty: "", encode: encodeReserved },
  "#": { first: "#", separator: ",", isNamed: false, ifEmpty: "", encode: encodeReserved },
  ".": { first: ".", separator: ".", isNamed: false, ifEmpty: "", encode: encodeUnreserved },
  "/": { first: "/", separator: "/", isNamed: false, ifEmpty: "", encode: encodeUnreserved },
  ";": { first: ";", separator: ";", isNamed: true, ifEmpty: "", encode: encodeUnreserved },
  "?": { first: "?", separator: "&", isNamed: true, ifEmpty: "=", encode: encodeUnreserved },
  "&": { first: "&", separator: "&", isNamed: true, ifEmpty: "=", encode: encodeUnreserved },
};

/** What one expression gives; empty where none of its variables has a value. RFC 6570 section 3.2. */
export function expandExpression({ operator, variables }: TemplateExpression, values: TemplateValues): string {
  const rules = RULES[operator];
  const expanded: string[] = [];
  for (const variable of variables) {
    // A name such as `constructor` is no value of every object.
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined;
    const one = expandVariable(variable, value, rules);
    if (one !== undefined) expanded.push(one);
  }
  return expanded.length === 0 ? "" : rules.first + expanded.join(rules.separator);
}

function expandVariable(
  variable: TemplateVariable,
  value: TemplateValues[string],
  rules: OperatorRules,
): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object") return expandText(variable, String(value), rules);
  if (variable.maxLength !== undefined) {
    throw new UsageError("URL_TEMPLATE_INVALID", { detail: `a prefix of "${variable.name}", which is no text` });
  }
  return Array.isArray(value)
    ? expandList(variable, value as readonly TemplateScalar[], rules)
    : expandAssociation(variable, value as Readonly<Record<string, TemplateScalar>>, rules);
}

function expandText({ name, maxLength }: TemplateVariable, value: string, rules: OperatorRules): string {
  const text = maxLength === undefined ? value : Array.from(value).slice(0, maxLength).join("");
  return rules.isNamed ? named(name, rules.encode(text), rules) : rules.encode(text);
}

function expandList(
  { name, isExploded }: TemplateVariable,
  list: readonly TemplateScalar[],
  rules: OperatorRules,
): string | undefined {
  const members = list.filter(isDefined).map((member) => rules.encode(String(member)));
  if (members.length === 0) return undefined;
  if (!rules.isNamed) return members.join(isExploded ? rules.separator : ",");
  if (!isExploded) return named(name, members.join(","), rules);
  return members.map((member) => named(name, member, rules)).join(rules.separator);
}

function expandAssociation(
  { name, isExploded }: TemplateVariable,
  association: Readonly<Record<string, TemplateScalar>>,
  rules: OperatorRules,
): string | undefined {
  const pairs = Object.entries(association).filter(([, value]) => isDefined(value));
  if (pairs.length === 0) return undefined;
  const encoded = pairs.map(([key, value]) => [rules.encode(key), rules.encode(String(value))] as const);
  if (!isExploded) {
    const joined = encoded.map(([key, value]) => `${key},${value}`).join(",");
    return rules.isNamed ? named(name, joined, rules) : joined;
  }
  return encoded
    .map(([key, value]) => (rules.isNamed ? named(key, value, rules) : `${key}=${value}`))
    .join(rules.separator);
}

function named(name: string, value: string, { ifEmpty }: OperatorRules): string {
  return value === "" ? name + ifEmpty : `${name}=${value}`;
}

function isDefined(value: TemplateScalar): boolean {
  return value !== undefined && value !== null;
}
