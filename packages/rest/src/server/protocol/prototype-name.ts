/**
 * The name that is no member but the prototype where somebody assigns it, as `Object.assign` does: nothing that comes from
 * outside needs it.
 */
export const PROTOTYPE_NAME = "__proto__";

/** Whether a JSON text may have that name: most have no such letters, nor any that are escaped. */
export function mayHavePrototypeName(text: string): boolean {
  return text.includes(PROTOTYPE_NAME) || text.includes("\\u00");
}

/** Whether a member somewhere in a JSON value has that name. */
export function hasPrototypeName(value: unknown): boolean {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, PROTOTYPE_NAME)) return true;
    for (const child of Object.values(next)) pending.push(child);
  }
  return false;
}
