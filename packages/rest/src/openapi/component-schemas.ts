import type { JsonSchema } from "./document.ts";
import { isObject, mapSubschemas, without } from "./schema-walk.ts";

/** Names schemas that are used in several places, and has each once. */
export interface ComponentSchemas {
  /** All of them, by name, in the order of their first use. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /**
   * Looks at one schema document, whose own references are `#` and `#/$defs/…`.
   *
   * @param hint what is called so that has no name of its own, and needs one.
   */
  open(document: JsonSchema, hint: string): SchemaScope;
}

/** One schema document. */
export interface SchemaScope {
  readonly document: JsonSchema;
  /** Follows references within the document, as far as they go. */
  resolve(schema: JsonSchema): JsonSchema;
  /** The document, or a schema in it, as it is said in an OpenAPI document: what has a name is a reference. */
  place(schema: JsonSchema): JsonSchema;
}

/** Begins with none. */
export function componentSchemas(): ComponentSchemas {
  const schemas = new Map<string, JsonSchema>();
  /** Base name and canonical form, to name. */
  const known = new Map<string, string>();

  /** Something that is the same has the same name; something else of that name is numbered. */
  function add(base: string, canonical: string, content: (name: string) => void): string {
    const key = `${base} ${canonical}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let name = base;
    for (let number = 2; schemas.has(name); number += 1) name = `${base}${number.toString()}`;
    known.set(key, name);
    content(name);
    return name;
  }

  return {
    get schemas() {
      return Object.fromEntries(schemas);
    },
    open: (document, hint) => {
      const target = (reference: string): JsonSchema | undefined => localTarget(document, reference);

      /** A reference to a component, which is made of what the document says. */
      function refer(base: string, content: JsonSchema): string {
        const name = add(base, canonicalForm(content, target), (free) => {
          // Reserved before it is looked into, since it may contain itself.
          schemas.set(free, {});
          schemas.set(free, placeMembers(content));
        });
        return `#/components/schemas/${name}`;
      }

      function place(schema: JsonSchema): JsonSchema {
        const reference = schema["$ref"];
        if (typeof reference === "string") {
          const content = target(reference);
          if (content === undefined) return placeMembers(schema);
          return { ...placeMembers(schema), $ref: refer(nameOfReference(reference, content, hint), content) };
        }
        const name = nameOf(schema) ?? (schema === document && refersToItself(schema) ? hint : undefined);
        return name === undefined ? placeMembers(schema) : { $ref: refer(name, schema) };
      }

      function placeMembers(schema: JsonSchema): JsonSchema {
        return mapSubschemas(without(schema, ["$schema", "$id", "$defs"]), place);
      }

      function resolve(schema: JsonSchema): JsonSchema {
        const met = new Set<JsonSchema>();
        let at = schema;
        while (typeof at["$ref"] === "string" && !met.has(at)) {
          met.add(at);
          at = target(at["$ref"]) ?? at;
        }
        return at;
      }

      return { document, resolve, place };
    },
  };
}

/** What `#` or `#/$defs/NAME` is; `undefined` for any other reference. */
function localTarget(document: JsonSchema, reference: string): JsonSchema | undefined {
  if (reference === "#") return document;
  const definitions = document["$defs"];
  const [, encoded] = /^#\/\$defs\/([^/]+)$/.exec(reference) ?? [];
  if (encoded === undefined || !isObject(definitions)) return undefined;
  const name = decodeURIComponent(encoded).replaceAll("~1", "/").replaceAll("~0", "~");
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return isObject(definition) ? definition : undefined;
}

function nameOfReference(reference: string, content: JsonSchema, hint: string): string {
  const name = reference.slice("#/$defs/".length);
  // zod numbers what has no name.
  return name === "" || /^__schema\d+$/.test(name)
    ? (nameOf(content) ?? hint)
    : componentName(decodeURIComponent(name));
}

/** What a schema says that it is called: its identifier, or, of an object or a choice, its title. */
function nameOf(schema: JsonSchema): string | undefined {
  const { $id: id, title } = schema;
  if (typeof id === "string") {
    const [last = ""] = id.split(/[/#:]/).slice(-1);
    return componentName(last.replace(/(\.schema)?\.json$/, ""));
  }
  const isWhole = ["properties", "additionalProperties", "oneOf", "anyOf", "allOf"].some((key) => key in schema);
  return isWhole && typeof title === "string" && /[A-Za-z0-9]/.test(title) ? pascalCase(title) : undefined;
}

/** The characters that OpenAPI allows. OpenAPI 3.1.1 section 4.8.7. */
function componentName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "_") || "Schema";
}

/** `list of pets` is `ListOfPets`. */
export function pascalCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function refersToItself(document: JsonSchema): boolean {
  let found = false;
  const look = (schema: JsonSchema): JsonSchema => {
    found ||= schema["$ref"] === "#";
    return mapSubschemas(schema, look);
  };
  look(document);
  return found;
}

/** The same text for schemas that are the same but for what their references are called. */
function canonicalForm(schema: JsonSchema, target: (reference: string) => JsonSchema | undefined): string {
  const met = new Map<JsonSchema, number>();
  const forms: unknown[] = [];
  const number = (content: JsonSchema): number => {
    const before = met.get(content);
    if (before !== undefined) return before;
    const next = met.size;
    met.set(content, next);
    forms[next] = canonical(without(content, ["$schema", "$defs"]));
    return next;
  };
  const canonical = (members: JsonSchema): JsonSchema => {
    const reference = members["$ref"];
    const content = typeof reference === "string" ? target(reference) : undefined;
    const plain = mapSubschemas(members, canonical);
    return content === undefined ? plain : { ...plain, $ref: number(content) };
  };
  number(schema);
  return JSON.stringify(forms);
}
