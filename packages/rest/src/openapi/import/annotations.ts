import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { modernSchema } from "./schema-dialect.ts";
import { literal, object, then, type Member, type Source } from "./source-tree.ts";
import { isFormatChecked } from "./zod-scalars.ts";
import type { SchemaMaker, SchemaSite } from "./schema-maker.ts";

/** Keywords that a schema of zod says by what it is. */
const SAID = [
  ...["$ref", "type", "enum", "const", "allOf", "anyOf", "oneOf", "nullable", "default"],
  ...["properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems"],
  ...["minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  // Only where references lead into them.
  ...["$defs", "definitions", "$schema", "$comment"],
];

/** Keywords that tell something to people and tools, and that go with the schema as they are. */
const TOLD = [
  ...["title", "description", "examples", "deprecated", "readOnly", "writeOnly", "format"],
  ...["contentMediaType", "contentEncoding", "discriminator", "xml", "externalDocs"],
];

/** Keywords that go with the schema, though nothing is held to them. */
const UNCHECKED = ["uniqueItems", "minProperties", "maxProperties", "dependentRequired"];

/** A schema with all that it says beside what it takes. */
export function annotated(source: Source, schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source {
  const notes = Object.entries(schema).filter(([keyword, value]) => isNote(keyword, value, schema, site, maker));
  const { default: fallback } = schema;
  const isFilledIn = fallback !== undefined && fits(fallback, schema, maker, 0);
  if (fallback !== undefined && !isFilledIn) {
    maker.session.warn(site.pointer, "unchecked", "its default is not what it takes, and is not filled in");
    notes.push(["default", fallback]);
  }
  const members = notes.map(([name, note]) => ({ name, value: literal(note) }));
  return withDefault(noted(source, members), isFilledIn ? fallback : undefined);
}

function withDefault(source: Source, fallback: unknown): Source {
  return fallback === undefined ? source : then(source, "default", literal(fallback));
}

/** Whether a keyword goes with the schema as a note; what is lost is told. */
function isNote(keyword: string, value: unknown, schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): boolean {
  const { session } = maker;
  if (SAID.includes(keyword)) return false;
  if (keyword === "not" && isObject(value) && Object.keys(value).length === 0) return false;
  if (keyword === "format" && isFormatChecked(schema)) return false;
  if (site.form === "file" && ["format", "contentMediaType", "contentEncoding"].includes(keyword)) return false;
  if (keyword === "description" && typeof value !== "string") return false;
  if (TOLD.includes(keyword) || keyword.startsWith("x-")) return true;
  if (UNCHECKED.includes(keyword)) {
    session.warn(site.pointer, "unchecked", `${keyword} is said, and not looked at`);
    return true;
  }
  session.warn(site.pointer, "left-out", `${keyword} has no place in a schema of zod`);
  return false;
}

/** Whether a default is what its schema takes, as far as the types of the source need it. */
function fits(value: unknown, given: unknown, maker: SchemaMaker, depth: number): boolean {
  if (!isObject(given) || depth > 10) return false;
  const schema = modernSchema(given, maker.session.isOldDialect);
  const { $ref: reference, type, enum: values, items } = schema;
  if (typeof reference === "string") return fits(value, maker.session.target(reference, "").value, maker, depth + 1);
  if (schema["allOf"] !== undefined || schema["anyOf"] !== undefined || schema["oneOf"] !== undefined) return false;
  if (Array.isArray(values)) return values.includes(value);
  if ("const" in schema) return schema["const"] === value;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.some((name) => {
    switch (name) {
      case "string":
      case "boolean":
        return typeof value === name;
      case "number":
        return typeof value === "number" && Number.isFinite(value);
      case "integer":
        return Number.isSafeInteger(value);
      case "null":
        return value === null;
      case "array":
        return (
          Array.isArray(value) && value.every((item) => items !== undefined && fits(item, items, maker, depth + 1))
        );
      default:
        return false;
    }
  });
}

/** A schema with notes, which take the place of those of the same name that it has. */
export function noted(source: Source, members: readonly Member[]): Source {
  if (members.length === 0) return source;
  const { before, rest } = notesOf(source);
  const names = new Set(members.map(({ name }) => name));
  const all = [...members, ...before.filter(({ name }) => !names.has(name))];
  const [first] = all;
  return all.length === 1 && first?.name === "description"
    ? then(rest, "describe", first.value)
    : then(rest, "meta", object(all));
}

/** The notes that an expression ends with, and the expression without them. */
function notesOf(source: Source): { readonly before: readonly Member[]; readonly rest: Source } {
  const last = source.type === "chain" && source.calls.length > 1 ? source.calls.at(-1) : undefined;
  const [note] = last?.arguments ?? [];
  if (source.type !== "chain" || note === undefined) return { before: [], rest: source };
  const rest: Source = { ...source, calls: source.calls.slice(0, -1) };
  if (last?.name === "describe") return { before: [{ name: "description", value: note }], rest };
  return last?.name === "meta" && note.type === "object"
    ? { before: note.members, rest }
    : { before: [], rest: source };
}
