/** A template, parsed. */
export interface UriTemplate {
  /** Literals, encoded as a URI wants them, and expressions, in order. */
  readonly parts: readonly (string | TemplateExpression)[];
}

/** What stands between two braces. */
export interface TemplateExpression {
  readonly operator: TemplateOperator;
  readonly variables: readonly TemplateVariable[];
}

/** Empty for simple expansion. RFC 6570 section 2.2. */
export type TemplateOperator = "" | "+" | "#" | "." | "/" | ";" | "?" | "&";

/** A variable, and how much of it. RFC 6570 section 2.4. */
export interface TemplateVariable {
  readonly name: string;
  /** Members of a list or an association one by one: `*`. */
  readonly isExploded: boolean;
  /** Characters of text from its beginning. */
  readonly maxLength: number | undefined;
}

/** Values of a template's variables: text, lists and associations. RFC 6570 section 2.3. */
export type TemplateValues = Readonly<
  Record<string, TemplateScalar | readonly TemplateScalar[] | Readonly<Record<string, TemplateScalar>>>
>;

/** `undefined` and `null` are undefined values. */
export type TemplateScalar = string | number | boolean | null | undefined;
