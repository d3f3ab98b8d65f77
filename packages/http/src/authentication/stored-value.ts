/** What a stored text says as JSON; `undefined` where it is none. */
export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value has members by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is whole text: JSON can hold half a character, of which no key can be made. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed();
}
