import type { RequestFieldsInput } from "@fairlead/access";
import { UsageError } from "@fairlead/core";

/** Fields by lower-case name. */
export type FieldRecord = Readonly<Record<string, string | readonly string[]>>;

/** Reads fields as an application gives them; of several that have one name in different cases, all count. */
export function fieldRecord(input: RequestFieldsInput | undefined): FieldRecord {
  if (input === undefined) return {};
  // Without a prototype, so that every name is one.
  const record: Record<string, string | readonly string[]> = Object.create(null) as Record<string, string>;
  const entries = Symbol.iterator in input ? input : Object.entries(input);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    if (typeof value !== "string" && !Array.isArray(value)) {
      throw new UsageError("OPTION_INVALID", { detail: `headers: ${name}`, remedy: "give text, or a list of it" });
    }
    const key = name.toLowerCase();
    const before = record[key];
    record[key] = before === undefined ? value : [before, value].flat();
  }
  return record;
}
