/**
 * What is at a path of names in a JSON document: `data.items`, `errors.0.code`. `undefined` where there is nothing; the
 * document itself for an empty path. What objects inherit is not part of a document.
 */
export function valueAt(document: unknown, path: string): unknown {
  let value = document;
  if (path === "") return value;
  // A name with dots in it, as OData has them, is one name.
  if (hasMember(value, path)) return value[path];
  for (const name of path.split(".")) {
    if (!hasMember(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Text at a path; a number is text as well. `undefined` for what is empty or neither. */
export function textAt(document: unknown, path: string): string | undefined {
  const value = valueAt(document, path);
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function hasMember(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}
