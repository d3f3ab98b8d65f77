import type { JsonSchema } from "./document.ts";

/** Whether a value is an object that is no list, as schemas are that say more than yes or no. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keywords whose members are schemas, whatever they are called. */
const SCHEMAS_BY_NAME = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);

/** Keywords whose values are data, or nobody's: nothing in them is a schema. */
const DATA = new Set(["const", "default", "enum", "example", "examples", "required", "type", "discriminator", "xml"]);

/** The schema with each schema directly in it replaced. */
export function mapSubschemas(schema: JsonSchema, replace: (schema: JsonSchema) => unknown): JsonSchema {
  const of = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(of) : isObject(value) ? replace(value) : value;
  return mapMembers(schema, (value, keyword) => {
    if (DATA.has(keyword) || keyword.startsWith("x-")) return value;
    return SCHEMAS_BY_NAME.has(keyword) && isObject(value) ? mapMembers(value, of) : of(value);
  });
}

/** An object with each member replaced; `__proto__` is a name like any other. */
export function mapMembers<From, To>(
  members: Readonly<Record<string, From>>,
  replace: (value: From, name: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, replace(value, name)]));
}

/** An object without some of its members. */
export function without(members: JsonSchema, names: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
