import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { noted } from "./annotations.ts";
import { dependencyOrder } from "./component-graph.ts";
import { pointerTo, type ImportSession } from "./import-session.ts";
import { names, typeIdentifier } from "./names.ts";
import { printSource } from "./print-source.ts";
import { docstring, quote } from "./source-text.ts";
import { atom } from "./source-tree.ts";
import type { Helper, SchemaMaker } from "./schema-maker.ts";
import { componentOf, schemaMaker } from "./zod-schema.ts";

const POINTER = "/components/schemas";

/** What components are called in the source, by their names in the document. */
export function componentIdentifiers(schemas: JsonSchema): ReadonlyMap<string, string> {
  const taken = names([]);
  return new Map(Object.keys(schemas).map((name) => [name, taken.take(typeIdentifier(name))]));
}

/** A constant for each component, each after those that it needs. */
export function componentSources(
  schemas: JsonSchema,
  identifiers: ReadonlyMap<string, string>,
  session: ImportSession,
  helpers: Set<Helper>,
): readonly string[] {
  const graph = new Map(Object.keys(schemas).map((name) => [name, referencesIn(schemas[name], session)]));
  return dependencyOrder(graph).flatMap((group) => {
    const [first = ""] = group;
    const isCircle = group.length > 1 || graph.get(first)?.has(first) === true;
    const inOrder = Object.keys(schemas).filter((name) => group.includes(name));
    return inOrder.map((name) => {
      const maker = schemaMaker({ session, identifiers, helpers, circle: new Set(isCircle ? group : []) });
      return componentSource(name, schemas[name], maker);
    });
  });
}

function componentSource(name: string, schema: unknown, maker: SchemaMaker): string {
  const { session, identifiers, met } = maker;
  const pointer = pointerTo(POINTER, name);
  const identifier = identifiers.get(name) ?? "";
  const source = maker.zod(schema, { pointer, depth: 0, form: "json", trail: [], isDeferred: false });
  const id = /^[A-Za-z0-9._-]+$/.test(name) && name !== "__proto__" ? name : identifier;
  if (id !== name) session.warn(pointer, "changed", `the component is called ${id}`);
  const { description } = isObject(schema) ? schema : {};
  // TypeScript finds out by itself what goes round by members that are asked for; anything else it has to be told.
  const head = `export const ${identifier}${met.eager > 0 ? ": z.ZodType" : ""} = `;
  const lines = typeof description === "string" ? docstring(description) : [];
  return `${lines.map((line) => `${line}\n`).join("")}${head}${printSource(noted(source, [{ name: "id", value: atom(quote(id)) }]), 0, head.length)};\n`;
}

/** The components that a schema refers to, also by way of what has no name. */
function referencesIn(schema: unknown, session: ImportSession): ReadonlySet<string> {
  const found = new Set<string>();
  const followed = new Set<string>();
  const waiting: unknown[] = [schema];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (typeof at !== "object" || at === null) continue;
    const reference = isObject(at) ? at["$ref"] : undefined;
    if (typeof reference === "string" && reference.startsWith("#") && !followed.has(reference)) {
      followed.add(reference);
      const { value, pointer } = session.target(reference, POINTER);
      const name = componentOf(pointer);
      if (name === undefined) waiting.push(value);
      else found.add(name);
    }
    waiting.push(...Object.values<unknown>({ ...at }).filter((part) => typeof part === "object" && part !== null));
  }
  return found;
}
