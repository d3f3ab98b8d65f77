import type { JsonSchema } from "../document.ts";
import { without } from "../schema-walk.ts";

/**
 * One schema as JSON Schema 2020-12 says it, which OpenAPI 3.1 took in place of its own dialect: `nullable`, limits that
 * were excluded by a second keyword, `example`, and what binary was. Services say these in documents of 3.1 as well, and
 * mean them. What is in a schema is left as it is.
 *
 * @see https://www.openapis.org/blog/2021/02/16/migrating-from-openapi-3-0-to-3-1-0
 */
export function modernSchema(schema: JsonSchema, isOldDialect: boolean): JsonSchema {
  const { $ref: reference, type, nullable, format, enum: values } = schema;
  // Of 3.0, nothing beside a reference counts.
  if (isOldDialect && typeof reference === "string") return { $ref: reference };
  const isNullable = nullable === true;
  if (isNullable && type === undefined && values === undefined) {
    return { anyOf: [without(schema, ["nullable"]), { type: "null" }] };
  }
  return {
    ...without(withExamples(schema), ["nullable", "exclusiveMinimum", "exclusiveMaximum", "minimum", "maximum"]),
    ...limit(schema, "minimum", "exclusiveMinimum"),
    ...limit(schema, "maximum", "exclusiveMaximum"),
    ...(isNullable && typeof type === "string" && { type: [type, "null"] }),
    ...(isNullable && Array.isArray(values) && { enum: [...new Set([...(values as readonly unknown[]), null])] }),
    ...(type === "string" && format === "byte" && { contentEncoding: "base64" }),
  };
}

/** The example that 3.0 has, and 3.1 has still, is one of several. */
function withExamples(schema: JsonSchema): JsonSchema {
  const { example, examples } = schema;
  if (example === undefined) return schema;
  const others: readonly unknown[] = Array.isArray(examples) ? examples : [];
  return { ...without(schema, ["example"]), examples: [example, ...others] };
}

function limit(schema: JsonSchema, inclusive: string, exclusive: string): JsonSchema {
  const isExcluded = schema[exclusive];
  const value = schema[inclusive];
  if (typeof isExcluded === "number")
    return { [exclusive]: isExcluded, ...(value !== undefined && { [inclusive]: value }) };
  return value === undefined ? {} : { [isExcluded === true ? exclusive : inclusive]: value };
}
