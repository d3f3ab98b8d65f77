/** Whether a JSON value is an object, no array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these members, each an own one, also one called `__proto__`. */
export function objectOf(members: Iterable<readonly [name: string, value: unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of members) setMember(object, name, value);
  return object;
}

/** Sets an own member, whatever it is called. */
export function setMember(object: object, name: string, value: unknown): void {
  if (name !== "__proto__") Reflect.set(object, name, value);
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Whether two JSON values are the same: objects whatever the order of their members, numbers by their value.
 *
 * @see RFC 6902 section 4.6
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSameJson(item, other[at]));
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name], other[name]))
  );
}

/** The items or values within; none within what is neither array nor object. */
export function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** A copy that shares nothing. */
export function copyOfJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOfJson);
  return isJsonObject(value)
    ? objectOf(Object.entries(value).map(([name, member]) => [name, copyOfJson(member)]))
    : value;
}
