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
  const places = new Map(Object.keys(schemas).map((name, place) => [name, place]));
  const place = (name: string): number => places.get(name) ?? 0;
  const graph = referenceGraph(schemas, session);
  return dependencyOrder(graph).flatMap((group) => {
    const [first = ""] = group;
    const isCircle = group.length > 1 || graph.get(first)?.has(first) === true;
    const members = group
      .flatMap((pointer) => componentOf(pointer) ?? [])
      .filter((name) => places.has(name))
      .sort((one, other) => place(one) - place(other));
    const circle = new Set(isCircle ? members : []);
    return members.map((name) =>
      componentSource(name, schemas[name], schemaMaker({ session, identifiers, helpers, circle })),
    );
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

/**
 * What refers to what, by pointers: the components, and what they refer to that has no name. Each is looked through once,
 * however many refer to it.
 */
function referenceGraph(schemas: JsonSchema, session: ImportSession): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, ReadonlySet<string>>();
  const waiting = Object.entries(schemas).map(([name, value]) => ({ value, pointer: pointerTo(POINTER, name) }));
  const known = new Set(waiting.map(({ pointer }) => pointer));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const targets = new Map<string, unknown>();
    for (const reference of referencesIn(next.value)) {
      const { value, pointer } = session.target(reference, POINTER);
      const name = componentOf(pointer);
      // A component may be spelled in several ways.
      targets.set(name === undefined ? pointer : pointerTo(POINTER, name), value);
    }
    graph.set(next.pointer, new Set(targets.keys()));
    for (const [pointer, value] of targets) {
      if (known.has(pointer)) continue;
      known.add(pointer);
      waiting.push({ value, pointer });
    }
  }
  return graph;
}

/** The references that are in a part of the document, those in what they lead to left out. */
function referencesIn(part: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting: unknown[] = [part];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (typeof at !== "object" || at === null) continue;
    const reference = isObject(at) ? at["$ref"] : undefined;
    if (typeof reference === "string" && reference.startsWith("#")) found.add(reference);
    for (const value of Object.values<unknown>({ ...at })) {
      if (typeof value === "object" && value !== null) waiting.push(value);
    }
  }
  return found;
}
