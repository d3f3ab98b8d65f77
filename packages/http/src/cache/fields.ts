/** Field lines in the order in which they came; names in lower case. RFC 9110 section 5.3. */
export type FieldLines = readonly (readonly [name: string, value: string])[];

/** The values of all lines of a field. */
export function fieldLines(fields: FieldLines, name: string): readonly string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value);
}

/** All lines of a field as one value; `undefined` when there is none. RFC 9110 section 5.3. */
export function fieldValue(fields: FieldLines, name: string): string | undefined {
  const lines = fieldLines(fields, name);
  return lines.length === 0 ? undefined : lines.join(", ");
}

/** Members of a comma-separated list of tokens, in lower case. */
export function tokens(value: string): readonly string[] {
  return value
    .split(",")
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== "");
}
