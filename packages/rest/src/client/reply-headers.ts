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
