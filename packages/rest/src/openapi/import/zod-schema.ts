import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { annotated } from "./annotations.ts";
import { zodWithin, type SchemaMaker, type SchemaSite } from "./schema-maker.ts";
import { modernSchema } from "./schema-dialect.ts";
import { array, atom, zod, then, type Source } from "./source-tree.ts";
import { zodEnumeration, zodNumber, zodText } from "./zod-scalars.ts";
import { zodArray, zodObject } from "./zod-composites.ts";

/** What makes schemas. */
export function schemaMaker(ground: Omit<SchemaMaker, "zod" | "met">): SchemaMaker {
  const maker: SchemaMaker = {
    ...ground,
    met: { deferred: 0, eager: 0 },
    zod: (schema, site) => zodSchema(schema, site, maker),
  };
  return maker;
}

/** The schema of zod that takes what this one takes. */
function zodSchema(value: unknown, site: SchemaSite, maker: SchemaMaker): Source {
  const { session } = maker;
  session.spend(site.pointer, site.depth);
  if (value === true || value === undefined) return zod("unknown");
  if (value === false) return zod("never");
  if (!isObject(value)) {
    session.warn(site.pointer, "left-out", "this is no schema");
    return zod("unknown");
  }
  const schema = modernSchema(value, session.isOldDialect);
  const parts = partsOf(schema, site, maker);
  const [first = zod("unknown"), ...others] = parts;
  const whole = others.reduce((left, right) => zod("intersection", left, right), first);
  return annotated(whole, schema, site, maker);
}

/** All that a value has to be at once. */
function partsOf(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): readonly Source[] {
  const { $ref: reference, allOf, anyOf, oneOf } = schema;
  const own = zodOwn(schema, site, maker);
  return [
    ...(typeof reference === "string" ? [zodReference(reference, site, maker)] : []),
    ...(own === undefined ? [] : [own]),
    ...listOf(allOf).map((part, index) => zodWithin(part, site, maker, "allOf", index)),
    ...(Array.isArray(anyOf) ? [zodChoice(anyOf, "anyOf", site, maker)] : []),
    ...(Array.isArray(oneOf) ? [zodChoice(oneOf, "oneOf", site, maker)] : []),
    ...(isObject(schema["not"]) && Object.keys(schema["not"]).length === 0 ? [zod("never")] : []),
  ];
}

/** What a schema says by itself; `undefined` where that is nothing. */
function zodOwn(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source | undefined {
  if (Array.isArray(schema["enum"])) return zodEnumeration(schema["enum"], schema, site, maker);
  if ("const" in schema) return zodEnumeration([schema["const"]], schema, site, maker);
  const types = typesOf(schema, site, maker);
  if (types.length === 0) return undefined;
  const [first = zod("unknown"), ...others] = types
    .filter((type) => type !== "null")
    .map((type) => zodOf(type, schema, site, maker));
  if (!types.includes("null")) return others.length === 0 ? first : zod("union", array([first, ...others]));
  if (types.length === 1) return zod("null");
  return then(others.length === 0 ? first : zod("union", array([first, ...others])), "nullable");
}

function zodOf(type: string, schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source {
  switch (type) {
    case "object":
      return zodObject(schema, site, maker);
    case "array":
      return zodArray(schema, site, maker);
    case "integer":
    case "number":
      return zodNumber(type, schema, site, maker);
    case "boolean":
      if (site.form === "json") return zod("boolean");
      maker.helpers.add("flag");
      return atom("flag");
    default:
      return zodText(schema, site, maker);
  }
}

const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** Keywords that speak of one type only, for schemas that leave it to be guessed. */
const guesses: readonly (readonly [type: string, keywords: readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "required"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems"]],
  ["string", ["pattern", "minLength", "maxLength"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

function typesOf(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): readonly string[] {
  const { type } = schema;
  if (type !== undefined) {
    const types = (Array.isArray(type) ? type : [type]).filter((name): name is string =>
      TYPES.includes(name as string),
    );
    if (types.length === 0) maker.session.warn(site.pointer, "left-out", "its type is none of JSON Schema's");
    // An integer is a number already.
    return types.includes("number") ? types.filter((name) => name !== "integer") : types;
  }
  const [guess] = guesses.find(([, keywords]) => keywords.some((keyword) => keyword in schema)) ?? [];
  if (guess === undefined) return [];
  const isWhole = schema["allOf"] ?? schema["anyOf"] ?? schema["oneOf"] ?? schema["$ref"];
  if (isWhole === undefined) maker.session.warn(site.pointer, "changed", `it says no type, and is taken for ${guess}`);
  return [guess];
}

function zodChoice(
  choices: readonly unknown[],
  keyword: "anyOf" | "oneOf",
  site: SchemaSite,
  maker: SchemaMaker,
): Source {
  const isNull = (choice: unknown): boolean => isObject(choice) && choice["type"] === "null";
  const rest = choices.flatMap((choice, index) =>
    isNull(choice) ? [] : [zodWithin(choice, site, maker, keyword, index)],
  );
  const [first = zod("null"), ...others] = rest;
  if (rest.length === 0) return first;
  // What is text may be read as several of them; the first that can be is meant.
  const isExclusive = keyword === "oneOf" && site.form === "json";
  if (keyword === "oneOf" && !isExclusive && others.length > 0) {
    maker.session.warn(site.pointer, "changed", "as text, what is one of these may be several: the first counts");
  }
  const choice = others.length === 0 ? first : zod(isExclusive ? "xor" : "union", array([first, ...others]));
  return choices.some(isNull) ? then(choice, "nullable") : choice;
}

/** A component by its name; anything else as it is. */
function zodReference(reference: string, site: SchemaSite, maker: SchemaMaker): Source {
  const { session, identifiers, circle, met } = maker;
  const target = session.target(reference, site.pointer);
  const name = componentOf(target.pointer);
  const identifier = name === undefined ? undefined : identifiers.get(name);
  if (name !== undefined && identifier !== undefined && (site.form === "json" || isPlainText(target.value, maker))) {
    if (!circle.has(name)) return atom(identifier);
    met[site.isDeferred ? "deferred" : "eager"] += 1;
    return site.isDeferred ? atom(identifier) : zod("lazy", atom(`() => ${identifier}`));
  }
  if (site.trail.includes(target.pointer)) {
    session.warn(site.pointer, "unchecked", "it contains itself, and has no name by which to say so");
    return zod("unknown");
  }
  const { pointer } = target;
  return zodSchema(target.value, { ...site, pointer, depth: site.depth + 1, trail: [...site.trail, pointer] }, maker);
}

/** The name of a component of the document that holds a schema. */
export function componentOf(pointer: string): string | undefined {
  const [, token] = /^\/components\/schemas\/([^/]+)$/.exec(pointer) ?? [];
  return token?.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Whether a schema takes text, so that text need not be turned into anything for it. */
function isPlainText(value: unknown, maker: SchemaMaker): boolean {
  if (!isObject(value)) return false;
  const { type, enum: values } = modernSchema(value, maker.session.isOldDialect);
  return type === "string" && (!Array.isArray(values) || values.every((each) => typeof each === "string"));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
