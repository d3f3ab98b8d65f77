import type { ContentIssue } from "@fairlead/core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Checked } from "./content.ts";
import type { OutputOf, Schema } from "./schema.ts";
import { withoutValue } from "./without-value.ts";

/** Checks a value by a schema, whose messages quote nothing of it then. A promise only where the schema gives one: most need none. */
export function check<S extends Schema>(
  schema: S,
  value: unknown,
): Checked<OutputOf<S>> | Promise<Checked<OutputOf<S>>> {
  const result = schema["~standard"].validate(value);
  return result instanceof Promise ? result.then((late) => checked<S>(late, value)) : checked<S>(result, value);
}

/** What is wrong with a value is told of so many of its parts: a list of a megabyte can be wrong half a million times. */
const ISSUES_LIMIT = 1_000;

function checked<S extends Schema>(result: StandardSchemaV1.Result<unknown>, value: unknown): Checked<OutputOf<S>> {
  if (result.issues !== undefined) {
    const issues = result.issues.slice(0, ISSUES_LIMIT).map((issue) => contentIssue(issue, value));
    return { type: "faulty", issues };
  }
  // The schema says so of its own output.
  return { type: "sound", value: result.value as OutputOf<S> };
}

function contentIssue({ message, path = [] }: StandardSchemaV1.Issue, value: unknown): ContentIssue {
  const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment));
  const faulty = keys.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), value);
  return {
    message: withoutValue(message, faulty),
    path: keys.map((key) => (typeof key === "symbol" ? String(key) : key)),
  };
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}
