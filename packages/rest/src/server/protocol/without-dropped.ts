/**
 * What was given, without the members that a schema has dropped in what it made of it. What the schema has turned into
 * something else stays as it was given: that is what is written, and whoever reads it has the same schema.
 *
 * @returns the same value where nothing was dropped.
 */
export function withoutDropped(given: unknown, made: unknown): unknown {
  return hasDropped(given, made) ? copied(given, made) : given;
}

/** Whether members are missing in what was made, or were inherited, which schemas read and `JSON.stringify` does not write. */
function hasDropped(given: unknown, made: unknown): boolean {
  if (given === made || !isObject(given) || !isObject(made)) return false;
  if (Array.isArray(given) || Array.isArray(made)) {
    return areItems(given, made) && given.some((item, at) => hasDropped(item, made[at]));
  }
  // What says itself how it is written has no members to others.
  if ("toJSON" in given) return false;
  const isPlain = Object.getPrototypeOf(given) === Object.prototype;
  if (!isPlain && Object.keys(made).some((name) => name in given && !Object.hasOwn(given, name))) return true;
  for (const name in given) {
    if (!Object.hasOwn(made, name)) return true;
    const value = given[name];
    if (typeof value === "object" && hasDropped(value, made[name])) return true;
  }
  return false;
}

function copied(given: unknown, made: unknown): unknown {
  if (!hasDropped(given, made) || !isObject(given) || !isObject(made)) return given;
  if (areItems(given, made)) return given.map((item, at) => copied(item, made[at]));
  const names = Object.keys(made).filter((name) => name in given);
  return Object.fromEntries(names.map((name) => [name, copied(given[name], made[name])]));
}

/** Whether both are lists, of as many items. */
function areItems(given: unknown, made: unknown): given is readonly unknown[] {
  return Array.isArray(given) && Array.isArray(made) && given.length === made.length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
