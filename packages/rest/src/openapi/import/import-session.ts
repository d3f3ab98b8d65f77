import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { invalid, unsupported } from "./read-document.ts";

/** Something of a document that the contract does not say as the document does. */
export interface ImportWarning {
  /** Where in the document, as a JSON pointer. RFC 6901. */
  readonly pointer: string;
  /**
   * `left-out`: the contract does not have it. `unchecked`: it says it, and nobody is held to it. `changed`: it says
   * something else.
   */
  readonly kind: "left-out" | "unchecked" | "changed";
  /** One clause, for people. */
  readonly message: string;
}

/** One document on its way to a contract. */
export interface ImportSession {
  readonly name: string;
  readonly root: JsonSchema;
  /** Of 3.0, whose schemas are not quite JSON Schema. */
  readonly isOldDialect: boolean;
  readonly warnings: readonly ImportWarning[];
  warn(pointer: string, kind: ImportWarning["kind"], message: string): void;
  /** Warns of each member that is not among these, which somebody has looked at. */
  leaveOut(members: JsonSchema, known: readonly string[], pointer: string): void;
  /** Follows references until something is none. */
  follow(value: unknown, pointer: string): Located;
  /** What a reference names. */
  target(reference: string, pointer: string): Located;
  /** Counts one more node of the contract. */
  spend(pointer: string, depth: number): void;
}

/** A part of a document, and where it is. */
export interface Located {
  readonly value: unknown;
  readonly pointer: string;
}

/** Nodes that a contract may have: references that are followed can make them double with each line. */
const NODE_LIMIT = 300_000;

/** How deep they may be in each other. */
const DEPTH_LIMIT = 200;

/** How many references may lead to each other. */
const REFERENCE_LIMIT = 50;

/** Begins. */
export function importSession(name: string, root: JsonSchema, version: string): ImportSession {
  const warnings = new Map<string, ImportWarning>();
  let spent = 0;

  const session: ImportSession = {
    name,
    root,
    isOldDialect: version.startsWith("3.0"),
    get warnings() {
      return [...warnings.values()];
    },
    warn: (pointer, kind, message) => {
      warnings.set(`${pointer} ${message}`, { pointer, kind, message });
    },
    leaveOut: (members, known, pointer) => {
      for (const key of Object.keys(members)) {
        if (!known.includes(key))
          session.warn(pointerTo(pointer, key), "left-out", `${key} has no place in a contract`);
      }
    },
    follow: (value, pointer) => {
      let at: Located = { value, pointer };
      for (let hops = 0; hops < REFERENCE_LIMIT; hops += 1) {
        const reference = isObject(at.value) ? at.value["$ref"] : undefined;
        if (typeof reference !== "string") return at;
        at = session.target(reference, at.pointer);
      }
      throw invalid(name, `references at ${pointer} lead to each other`);
    },
    target: (reference, pointer) => {
      if (!reference.startsWith("#")) {
        const what = `${pointer} refers to ${JSON.stringify(reference)}, which is another document`;
        throw unsupported(name, what, "bundle the documents into one first, as 'redocly bundle' does");
      }
      const found = lookUp(root, reference.slice(1));
      if (found === undefined)
        throw invalid(name, `${pointer} refers to ${JSON.stringify(reference)}, which is not there`);
      return { value: found.value, pointer: reference.slice(1) };
    },
    spend: (pointer, depth) => {
      spent += 1;
      if (spent > NODE_LIMIT) throw invalid(name, `it is too large once references are followed, at ${pointer}`);
      if (depth > DEPTH_LIMIT)
        throw invalid(name, `it is nested too deeply once references are followed, at ${pointer}`);
    },
  };
  return session;
}

/** What a JSON pointer names. RFC 6901 section 4, in a URI's fragment (section 6). */
function lookUp(root: unknown, pointer: string): { readonly value: unknown } | undefined {
  let at = root;
  for (const token of pointer.split("/").slice(1)) {
    const name = decode(token).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    // A member of its own, whatever it is called: an object or a list has it.
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return pointer === "" || pointer.startsWith("/") ? { value: at } : undefined;
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** The pointer to a member. */
export function pointerTo(pointer: string, ...names: readonly (string | number)[]): string {
  return [pointer, ...names.map((name) => name.toString().replaceAll("~", "~0").replaceAll("/", "~1"))].join("/");
}
