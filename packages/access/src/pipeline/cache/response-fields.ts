import type { FieldLines } from "@fairlead/http/cache";
import type { ResponseFields } from "../../dispatch.ts";

/** The fields of a response as lines. */
export function linesOf(fields: ResponseFields): FieldLines {
  const lines: [string, string][] = [];
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value === "string") lines.push([name, value]);
    else if (value !== undefined) for (const one of value) lines.push([name, one]);
  }
  return lines;
}

/** Lines as a handler gets them: the caller's own. */
export function fieldsOf(lines: FieldLines): ResponseFields {
  // Without a prototype, which a field's name could name.
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of lines) {
    const earlier = fields[name];
    if (earlier === undefined) fields[name] = value;
    else if (typeof earlier === "string") fields[name] = [earlier, value];
    else earlier.push(value);
  }
  return fields;
}

/** Lines as an engine gives them: names and values in turn. */
export function rawFieldsOf(lines: FieldLines): Buffer[] {
  return lines.flat().map((text) => Buffer.from(text, "latin1"));
}
