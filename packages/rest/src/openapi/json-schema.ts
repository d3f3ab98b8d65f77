import { UsageError } from "@fairlead/core";
import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Schema } from "../contract/schema.ts";
import type { JsonSchema, OpenApiOptions } from "./document.ts";

/** Where in a contract a schema is. */
export interface SchemaPlace {
  readonly operation: string;
  /** `query`, `body`, `response 200`. */
  readonly part: string;
}

/**
 * What a schema says of what is on the wire: what it takes, since both ends read by it.
 *
 * @throws UsageError OPTION_INVALID where its library cannot say it.
 */
export function jsonSchemaOf(schema: Schema, place: SchemaPlace, { jsonSchema }: OpenApiOptions): JsonSchema {
  const given = jsonSchema?.(schema, "input");
  if (given !== undefined) return given;
  const standard: Schema["~standard"] & Partial<StandardJSONSchemaV1.Props> = schema["~standard"];
  const { vendor, jsonSchema: converter } = standard;
  if (converter === undefined) throw withoutJsonSchema(place, `schemas of ${vendor} do not say what they are`, vendor);
  try {
    return converter.input({ target: "draft-2020-12" });
  } catch (cause) {
    throw withoutJsonSchema(place, cause instanceof Error ? cause.message : String(cause), vendor, cause);
  }
}

/** What helps with one library in particular. */
const remedies: Readonly<Record<string, string>> = {
  valibot: "wrap the schema in toStandardJsonSchema of @valibot/to-json-schema, or give the option `jsonSchema`",
  zod: "take what JSON has (z.iso.datetime() for z.date(), z.file() for a File), or give the option `jsonSchema`",
};

function withoutJsonSchema(
  { operation, part }: SchemaPlace,
  detail: string,
  vendor: string,
  cause?: unknown,
): UsageError {
  return new UsageError("OPTION_INVALID", {
    operation: `describe ${part} of ${operation}`,
    detail: `there is no JSON Schema of it: ${detail}`,
    remedy: remedies[vendor] ?? "give the option `jsonSchema`, which makes it",
    cause,
  });
}
