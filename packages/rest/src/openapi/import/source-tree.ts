import { quote } from "./source-text.ts";

/** An expression of the source that is made. */
export type Source =
  /** Written as it is. Never from a document, but by `quote` and its like. */
  | { readonly type: "atom"; readonly text: string }
  | { readonly type: "array"; readonly items: readonly Source[] }
  /** `expanded` has each member on a line of its own. */
  | { readonly type: "object"; readonly members: readonly Member[]; readonly expanded: boolean }
  /** Calls one after the other: `z.string().min(1)`. */
  | { readonly type: "chain"; readonly head: string; readonly calls: readonly SourceCall[] };

/** One call of a chain; `name` is empty where the head itself is called. */
export interface SourceCall {
  readonly name: string;
  readonly arguments: readonly Source[];
}

/** One member of an object. */
export interface Member {
  readonly name: string;
  readonly value: Source;
  /** Whether it is made when it is first asked for. */
  readonly getter?: boolean;
  /** What a docstring above it says. */
  readonly documentation?: string | undefined;
}

/** Source as it is. */
export function atom(text: string): Source {
  return { type: "atom", text };
}

/** A list. */
export function array(items: readonly Source[]): Source {
  return { type: "array", items };
}

/** An object on one line, where it fits there. */
export function object(members: readonly Member[]): Source {
  return { type: "object", members, expanded: false };
}

/** An object with each member on a line of its own. */
export function block(members: readonly Member[]): Source {
  return { type: "object", members, expanded: members.length > 0 };
}

/** `z.NAME(…)`. */
export function zod(name: string, ...parameters: readonly Source[]): Source {
  return { type: "chain", head: "z", calls: [{ name, arguments: parameters }] };
}

/** `FUNCTION(…)`. */
export function call(name: string, ...parameters: readonly Source[]): Source {
  return { type: "chain", head: name, calls: [{ name: "", arguments: parameters }] };
}

/** An expression, and one more call on what it gives. */
export function then(source: Source, name: string, ...parameters: readonly Source[]): Source {
  const next: SourceCall = { name, arguments: parameters };
  if (source.type === "chain") return { ...source, calls: [...source.calls, next] };
  if (source.type === "atom") return { type: "chain", head: source.text, calls: [next] };
  throw new TypeError("a literal has no methods that schemas need");
}

/** A value of JSON. What JSON has no words for is `null`. */
export function literal(value: unknown): Source {
  if (Array.isArray(value)) return array(value.map(literal));
  if (typeof value === "object" && value !== null) {
    return object(Object.entries(value).map(([name, member]) => ({ name, value: literal(member) })));
  }
  if (typeof value === "string") return atom(quote(value));
  if (typeof value === "number")
    return atom(Object.is(value, -0) ? "0" : Number.isFinite(value) ? value.toString() : "null");
  return atom(typeof value === "boolean" ? value.toString() : "null");
}
