import { check } from "./check.ts";
import type { Checked } from "./content.ts";
import { emptyRecord } from "./protocol/form-record.ts";
import type { Schema } from "./schema.ts";

/**
 * Checks a record of a query or a form. Neither can tell a list of one from a value, so what the schema does not take as a
 * value is tried as a list.
 */
export function checkRecord(
  schema: Schema,
  record: Readonly<Record<string, unknown>>,
): Checked<unknown> | Promise<Checked<unknown>> {
  const first = check(schema, record);
  const again = (checked: Checked<unknown>): Checked<unknown> | Promise<Checked<unknown>> =>
    checked.type === "sound" ? checked : checkWithLists(schema, record, checked);
  return first instanceof Promise ? first.then(again) : again(first);
}

async function checkWithLists(
  schema: Schema,
  record: Readonly<Record<string, unknown>>,
  first: Extract<Checked<unknown>, { readonly type: "faulty" }>,
): Promise<Checked<unknown>> {
  const single = faultyNames(first).filter((name) => Object.hasOwn(record, name) && !Array.isArray(record[name]));
  if (single.length === 0) return first;
  const listed = await check(schema, withLists(record, single));
  if (listed.type === "sound") return listed;
  // Those that are wrong either way are so as they came.
  const still = new Set(faultyNames(listed));
  const mended = single.filter((name) => !still.has(name));
  return mended.length === 0 ? first : check(schema, withLists(record, mended));
}

/** Members that the schema does not take, as they are. */
function faultyNames({ issues }: Extract<Checked<unknown>, { readonly type: "faulty" }>): readonly string[] {
  return [
    ...new Set(
      issues.flatMap(({ path: [name], path }) => (path.length === 1 && name !== undefined ? String(name) : [])),
    ),
  ];
}

function withLists(record: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const lists: Record<string, unknown> = Object.assign(emptyRecord(), record);
  for (const name of names) lists[name] = [record[name]];
  return lists;
}
