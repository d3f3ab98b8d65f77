import type { Dispatcher } from "undici";

/** Request fields in the shapes that undici takes: a flat list of names and values, a record, or an iterable of pairs. */
export type RequestFields = NonNullable<Dispatcher.DispatchOptions["headers"]>;

/** Names and values in turn. */
export type FlatFields = readonly string[];

/** Flattens what an application may pass; names keep their case. */
export function flattenFields(fields: RequestFieldsInput | undefined): string[] {
  if (fields === undefined) return [];
  if (Symbol.iterator in fields) {
    const flat: string[] = [];
    for (const [name, value] of fields) flat.push(name, value);
    return flat;
  }
  const flat: string[] = [];
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value === "string") flat.push(name, value);
    else for (const one of value) flat.push(name, one);
  }
  return flat;
}

/** Pairs of what {@link flattenFields} gives. */
export function pairFields(flat: FlatFields): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2) pairs.push([flat[index] ?? "", flat[index + 1] ?? ""]);
  return pairs;
}

/** Names and values in turn, out of any shape. A value that is no text is left to whoever writes it, who refuses it. */
export function flatFields(fields: RequestFields | null): readonly string[] {
  if (fields === null) return [];
  if (!Array.isArray(fields)) return gather(isIterable(fields) ? fields : Object.entries(fields));
  const flat: readonly string[] = fields;
  return flat.every((text) => typeof text === "string") ? flat : gather(inPairs(flat));
}

function gather(pairs: Iterable<readonly [name: string, value: unknown]>): string[] {
  const flat: unknown[] = [];
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      flat.push(name, one === null ? "" : typeof one === "number" || typeof one === "boolean" ? String(one) : one);
    }
  }
  return flat as string[];
}

function* inPairs(flat: readonly unknown[]): Iterable<readonly [name: string, value: unknown]> {
  for (let index = 0; index < flat.length; index += 2) yield [String(flat[index]), flat[index + 1] ?? null];
}

/** Request fields as an application passes them: a record, whose lists are repeated fields, `Headers`, or pairs. */
export type RequestFieldsInput =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** Tells whether a field is there. */
export function hasField(fields: RequestFields | null, lowerCaseName: string): boolean {
  for (const name of fieldNames(fields)) {
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return true;
  }
  return false;
}

/** The same fields and one more; the given ones are not changed. */
export function withField(fields: RequestFields | null, name: string, value: string): RequestFields {
  if (fields === null) return [name, value];
  if (Array.isArray(fields)) return [...(fields as readonly string[]), name, value];
  if (isIterable(fields)) return [...pairs(fields), name, value];
  return { ...fields, [name]: value };
}

/** The same fields and more; the given ones are not changed. */
export function withFields(
  fields: RequestFields | null,
  added: readonly (readonly [name: string, value: string])[],
): RequestFields | null {
  return added.reduce<RequestFields | null>((all, [name, value]) => withField(all, name, value), fields);
}

/** The same fields without those that `drops` names (in lower case). */
export function withoutFields(
  fields: RequestFields | null,
  drops: (lowerCaseName: string) => boolean,
): RequestFields | null {
  if (fields === null) return null;
  if (!Array.isArray(fields) && !isIterable(fields)) {
    return Object.fromEntries(Object.entries(fields).filter(([name]) => !drops(name.toLowerCase())));
  }
  const flat = Array.isArray(fields) ? (fields as readonly string[]) : pairs(fields);
  return flat.filter((_, index) => !drops((flat[index - (index % 2)] ?? "").toLowerCase()));
}

/** The values of the named fields, so that they can be put back. */
export function pickFields(fields: RequestFields | null, names: ReadonlySet<string>): string[] {
  const kept = withoutFields(fields, (name) => !names.has(name));
  if (kept === null) return [];
  if (Array.isArray(kept)) return kept;
  return flattenFields(kept as Record<string, string>);
}

/** Names in lower case and values, in order. */
export function fieldPairs(fields: RequestFields | null): readonly (readonly [name: string, value: string])[] {
  if (fields === null) return NO_PAIRS;
  const flat = Array.isArray(fields)
    ? (fields as readonly string[])
    : isIterable(fields)
      ? pairs(fields)
      : flattenFields(fields as Record<string, string>);
  const found: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2) {
    found.push([String(flat[index]).toLowerCase(), String(flat[index + 1])]);
  }
  return found;
}

const NO_PAIRS: readonly (readonly [string, string])[] = [];

function* fieldNames(fields: RequestFields | null): Iterable<string> {
  if (fields === null) return;
  if (Array.isArray(fields)) {
    for (let index = 0; index < fields.length; index += 2) yield String(fields[index]);
  } else if (isIterable(fields)) {
    for (const [name] of fields) yield name;
  } else {
    yield* Object.keys(fields);
  }
}

function pairs(fields: Iterable<readonly [string, string | string[] | undefined]>): string[] {
  const flat: string[] = [];
  for (const [name, value] of fields) {
    for (const one of typeof value === "string" ? [value] : (value ?? [])) flat.push(name, one);
  }
  return flat;
}

function isIterable(fields: object): fields is Iterable<[string, string | string[] | undefined]> {
  return Symbol.iterator in fields;
}
