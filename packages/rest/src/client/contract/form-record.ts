/** A form as a record: names that are there several times have a list. It inherits nothing, so that each name means itself. */
export function formRecord<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, unknown>> {
  const record = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) {
    const present = record[name];
    if (present === undefined) record[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else record[name] = [present, value];
  }
  return record;
}
