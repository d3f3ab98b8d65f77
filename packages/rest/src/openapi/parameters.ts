import { UsageError } from "@fairlead/core";
import type { SchemaScope } from "./component-schemas.ts";
import type { JsonSchema, OpenApiParameter } from "./document.ts";
import type { SchemaPlace } from "./json-schema.ts";
import { isObject } from "./schema-walk.ts";

/** One member of an object schema. */
interface SchemaMember {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * The parameters that the schema of an object stands for, one for each of its members.
 *
 * @throws UsageError OPTION_INVALID where it is not the schema of an object.
 */
export function parametersOf(
  scope: SchemaScope,
  where: OpenApiParameter["in"],
  place: SchemaPlace,
): readonly OpenApiParameter[] {
  const members = membersOf(scope.document, scope);
  if (members === undefined) {
    throw new UsageError("OPTION_INVALID", {
      operation: `describe ${place.part} of ${place.operation}`,
      detail: "it is not the schema of an object, so it has no parameters",
      remedy: "make it an object, one member for each parameter",
    });
  }
  return Object.entries(members).map(([name, { schema, required }]) => {
    // What a reference stands for is said of the value, what stands beside it of the parameter.
    const { description, deprecated, ...value } = schema;
    return {
      name,
      in: where,
      ...(typeof description === "string" && { description }),
      ...((required || where === "path") && { required: true }),
      ...(deprecated === true && { deprecated }),
      ...(isList(value, scope) && (where === "query" ? { style: "form", explode: true } : { style: "simple" })),
      schema: scope.place(value),
    } as const;
  });
}

/** The members of an object, also of one that is put together; `undefined` for anything else. */
function membersOf(schema: JsonSchema, scope: SchemaScope): Readonly<Record<string, SchemaMember>> | undefined {
  const { type, properties, required, allOf, anyOf, oneOf } = scope.resolve(schema);
  const own = isObject(properties) ? ownMembers(properties, required) : undefined;
  const parts = subschemas(allOf).map((part) => membersOf(part, scope));
  const choices = [...subschemas(anyOf), ...subschemas(oneOf)].map((choice) => membersOf(choice, scope));
  if (own === undefined && type !== "object" && parts.length + choices.length === 0) return undefined;
  if ([...parts, ...choices].includes(undefined)) return undefined;
  return { ...joined(parts), ...chosen(choices), ...own };
}

function ownMembers(properties: JsonSchema, required: unknown): Readonly<Record<string, SchemaMember>> {
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { schema: isObject(schema) ? schema : {}, required: names.includes(name) },
    ]),
  );
}

type Members = Readonly<Record<string, SchemaMember>> | undefined;

function joined(parts: readonly Members[]): Readonly<Record<string, SchemaMember>> {
  return Object.fromEntries(parts.flatMap((part = {}) => Object.entries(part)));
}

/** A member is required only where each choice requires it; where choices differ, it may be any of what they say. */
function chosen(choices: readonly Members[]): Readonly<Record<string, SchemaMember>> {
  const names = new Set(choices.flatMap((choice = {}) => Object.keys(choice)));
  return Object.fromEntries(
    [...names].map((name) => {
      const all = choices.map((choice = {}) => (Object.hasOwn(choice, name) ? choice[name] : undefined));
      const found = all.filter((member) => member !== undefined);
      const different = [...new Map(found.map(({ schema }) => [JSON.stringify(schema), schema])).values()];
      const [only = {}] = different;
      return [
        name,
        {
          schema: different.length === 1 ? only : { anyOf: different },
          required: all.every((member) => member?.required === true),
        },
      ];
    }),
  );
}

function subschemas(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isList(schema: JsonSchema, scope: SchemaScope): boolean {
  const { type, anyOf } = scope.resolve(schema);
  return type === "array" || subschemas(anyOf).some((choice) => scope.resolve(choice)["type"] === "array");
}
