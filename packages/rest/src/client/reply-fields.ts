import type { Reply } from "@fairlead/access";

/** The fields of a reply as the web has them. */
export function headersOf(fields: Reply["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") headers.append(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** The first field of a name, in lower case. */
export function fieldOf(fields: Reply["headers"], name: string): string | undefined {
  const value = fields[name];
  return typeof value === "object" ? value[0] : value;
}
