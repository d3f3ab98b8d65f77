import { UsageError } from "@fairlead/core";
import { encodeReserved } from "./encode.ts";
import type { TemplateExpression, TemplateOperator, TemplateVariable, UriTemplate } from "./template.ts";

/**
 * Parses a URI template.
 *
 * @throws UsageError URL_TEMPLATE_INVALID
 * @example
 * const template = parseUriTemplate("repositories/{owner}/{name}/issues{?state,labels}");
 * @see RFC 6570 section 2
 */
export function parseUriTemplate(text: string): UriTemplate {
  const parts: (string | TemplateExpression)[] = [];
  let index = 0;
  while (index < text.length) {
    const open = text.indexOf("{", index);
    const end = open === -1 ? text.length : open;
    if (end > index) parts.push(literal(text.slice(index, end), text));
    if (open === -1) break;
    const close = text.indexOf("}", open);
    if (close === -1) throw invalid(text, "a brace that is not closed");
    parts.push(expression(text.slice(open + 1, close), text));
    index = close + 1;
  }
  return { parts };
}

/** RFC 6570 section 2.1, with the apostrophe, as URIs themselves have it. */
const NO_LITERAL = /[\0-\x20"<>\\^`|}\x7f-\x9f]|%(?![\da-f]{2})/i;

function literal(text: string, template: string): string {
  if (NO_LITERAL.test(text)) throw invalid(template, "a character that has to be encoded");
  return encodeReserved(text);
}

const EXPRESSION = /^([+#./;?&]?)(.+)$/s;
/** RFC 6570 section 2.3: names are compared as they are, percent-encoded characters in them included. */
const VARIABLE = /^((?:\w|%[\da-f]{2})(?:\.?(?:\w|%[\da-f]{2}))*)(?:(\*)|:([1-9]\d{0,3}))?$/i;

function expression(text: string, template: string): TemplateExpression {
  const [, operator, list = ""] = EXPRESSION.exec(text) ?? [];
  if (operator === undefined) throw invalid(template, "an expression without a variable");
  const variables = list.split(",").map((specification): TemplateVariable => {
    const [, name, star, length] = VARIABLE.exec(specification) ?? [];
    if (name === undefined) throw invalid(template, `"${specification}" is no variable`);
    return { name, isExploded: star !== undefined, maxLength: length === undefined ? undefined : Number(length) };
  });
  // The expression matched the operators that there are, and no others.
  return { operator: operator as TemplateOperator, variables };
}

function invalid(template: string, fault: string): UsageError {
  return new UsageError("URL_TEMPLATE_INVALID", { detail: `${fault}, in "${template}"` });
}
