import { UsageError } from "@fairlead/core";

/** Names and the text, or the texts, that they stand for. */
export type TextRecord = Readonly<Record<string, string | readonly string[]>>;

/**
 * Writes values as the text that goes into an address or a field; what is `undefined` is left out.
 *
 * @param what names the record in the error.
 * @throws UsageError OPTION_INVALID for a value that has no form as text.
 */
export function textRecord(given: Readonly<Record<string, unknown>>, what: string): TextRecord {
  const record: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    record[name] = Array.isArray(value)
      ? value.map((one: unknown) => textOf(one, what, name))
      : textOf(value, what, name);
  }
  return record;
}

function textOf(value: unknown, what: string, name: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new UsageError("OPTION_INVALID", { operation: "call", detail: `${what}: ${name} has no form as text` });
}
