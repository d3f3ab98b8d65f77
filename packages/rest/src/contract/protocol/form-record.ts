/** Names and values of a query or a form, decoded; a name that is there several times has a list. It inherits nothing. */
export type FormRecord<Value> = Record<string, Value | readonly Value[]>;

/** A form as a record. */
export function formRecord<Value>(entries: Iterable<readonly [name: string, value: Value]>): FormRecord<Value> {
  const record = emptyRecord<Value | readonly Value[]>();
  for (const [name, value] of entries) addValue(record, name, value);
  return record;
}

/** A record that inherits nothing, so that no name means anything but itself. */
export function emptyRecord<Value>(): Record<string, Value> {
  // Its type has no prototype to tell of.
  return Object.create(null) as Record<string, Value>;
}

/** Adds a value, which is no list; a name that is there already gets one. */
export function addValue<Value>(record: FormRecord<Value>, name: string, value: Value): void {
  const present = record[name];
  if (present === undefined) record[name] = value;
  // Values are no lists, and lists are made here.
  else if (Array.isArray(present)) (present as Value[]).push(value);
  else record[name] = [present as Value, value];
}
