import type { JsonSchema } from "../document.ts";
import { quote, regularExpression } from "./source-text.ts";
import { array, atom, call, literal, object, then, zod, type Source } from "./source-tree.ts";
import type { SchemaMaker, SchemaSite } from "./schema-maker.ts";

/** Formats that are looked at, and by what. The others are said and not looked at, as JSON Schema has it by itself. */
const formats: Readonly<Record<string, Source>> = {
  date: { type: "chain", head: "z.iso", calls: [{ name: "date", arguments: [] }] },
  "date-time": {
    type: "chain",
    head: "z.iso",
    calls: [{ name: "datetime", arguments: [object([{ name: "offset", value: atom("true") }])] }],
  },
  email: zod("email"),
  ipv4: zod("ipv4"),
  ipv6: zod("ipv6"),
  uri: zod("url"),
  // Any 128 bits in this form: services number their own.
  uuid: zod("guid"),
};

/** Whether what a schema calls its format is looked at. */
export function isFormatChecked({ type, format }: JsonSchema): boolean {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.includes("string") && typeof format === "string" && Object.hasOwn(formats, format);
}

/** A schema of text; of a file, where forms have those. */
export function zodText(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source {
  const { format, pattern, contentMediaType, contentEncoding } = schema;
  if (site.form === "file" && (format === "binary" || contentMediaType !== undefined || contentEncoding === "binary")) {
    return typeof contentMediaType === "string" && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(contentMediaType)
      ? then(zod("file"), "mime", atom(quote(contentMediaType)))
      : zod("file");
  }
  let source = (isFormatChecked(schema) ? formats[String(format)] : undefined) ?? zod("string");
  source = limited(
    source,
    schema,
    [
      ["minLength", "min"],
      ["maxLength", "max"],
    ],
    site,
    maker,
  );
  if (pattern === undefined) return source;
  const expression = typeof pattern === "string" ? regularExpression(pattern) : undefined;
  if (expression !== undefined) return then(source, "regex", atom(expression));
  maker.session.warn(site.pointer, "unchecked", "its pattern is no regular expression of ECMAScript");
  return source;
}

/** A schema of numbers, or of text that stands for one. */
export function zodNumber(
  type: "integer" | "number",
  schema: JsonSchema,
  site: SchemaSite,
  maker: SchemaMaker,
): Source {
  const isText = site.form !== "json";
  const number: Source = isText
    ? { type: "chain", head: "z.coerce", calls: [{ name: "number", arguments: [] }] }
    : zod(type === "integer" ? "int" : "number");
  return limited(
    isText && type === "integer" ? then(number, "int") : number,
    schema,
    [
      ["minimum", "min"],
      ["maximum", "max"],
      ["exclusiveMinimum", "gt"],
      ["exclusiveMaximum", "lt"],
      ["multipleOf", "multipleOf"],
    ],
    site,
    maker,
  );
}

/** Methods that take the number that a keyword has. */
export function limited(
  source: Source,
  schema: JsonSchema,
  methods: readonly (readonly [keyword: string, method: string])[],
  site: SchemaSite,
  maker: SchemaMaker,
): Source {
  return methods.reduce((limitedSource, [keyword, method]) => {
    const limit = schema[keyword];
    if (limit === undefined) return limitedSource;
    if (typeof limit === "number" && Number.isFinite(limit)) return then(limitedSource, method, literal(limit));
    maker.session.warn(site.pointer, "left-out", `${keyword} is no number`);
    return limitedSource;
  }, source);
}

/** A schema of some values of JSON that are no objects and no lists. */
export function zodEnumeration(
  values: readonly unknown[],
  schema: JsonSchema,
  site: SchemaSite,
  maker: SchemaMaker,
): Source {
  const distinct = [...new Set(values)];
  if (distinct.some((value) => typeof value === "object" && value !== null)) {
    maker.session.warn(site.pointer, "unchecked", "only some values are allowed, and objects or lists are among them");
    return zod("unknown");
  }
  const isNullable = distinct.includes(null) && site.form === "json";
  const given = distinct.filter((value) => value !== null);
  if (given.length === 0) return zod(isNullable ? "null" : "never");
  const source = site.form === "json" ? zodValues(given, "const" in schema) : zodTextValues(given, site, maker);
  return isNullable ? then(source, "nullable") : source;
}

function zodValues(values: readonly unknown[], isConstant: boolean): Source {
  const [only] = values;
  if (isConstant && values.length === 1) return zod("literal", literal(only));
  const isNames = values.every((value) => typeof value === "string" && value !== "__proto__");
  return zod(isNames ? "enum" : "literal", array(values.map(literal)));
}

/** Values that text stands for. */
function zodTextValues(values: readonly unknown[], site: SchemaSite, maker: SchemaMaker): Source {
  if (values.every((value) => typeof value === "string")) return zodValues(values, false);
  if (values.every((value) => typeof value === "number")) {
    return zod("preprocess", atom("Number"), zodValues(values, false));
  }
  if (values.every((value) => typeof value === "boolean")) {
    maker.helpers.add("flag");
    return values.length === 2 ? atom("flag") : call("flag.pipe", zodValues(values, false));
  }
  maker.session.warn(site.pointer, "changed", "its values are of several types, of which text has one");
  return zodValues([...new Set(values.map(String))], false);
}
