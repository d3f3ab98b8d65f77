import type { ContentIssue } from "@fairlead/core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Checked } from "./content.ts";
import type { OutputOf, Schema } from "./schema.ts";

/** Checks a value by a schema. A promise only where the schema gives one: most need none. */
export function check<S extends Schema>(
  schema: S,
  value: unknown,
): Checked<OutputOf<S>> | Promise<Checked<OutputOf<S>>> {
  const result = schema["~standard"].validate(value);
  return result instanceof Promise ? result.then(checked<S>) : checked<S>(result);
}

function checked<S extends Schema>(result: StandardSchemaV1.Result<unknown>): Checked<OutputOf<S>> {
  if (result.issues !== undefined) return { type: "faulty", issues: result.issues.map(contentIssue) };
  // The schema says so of its own output.
  return { type: "sound", value: result.value as OutputOf<S> };
}

function contentIssue({ message, path = [] }: StandardSchemaV1.Issue): ContentIssue {
  return {
    message,
    path: path.map((segment) => {
      const key = typeof segment === "object" ? segment.key : segment;
      return typeof key === "symbol" ? String(key) : key;
    }),
  };
}
