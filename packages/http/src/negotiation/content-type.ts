import { parseParameter, splitOutsideQuotes } from "./weighted.ts";

/** What a `Content-Type` says. */
export interface MediaType {
  /** `text/html`, in lower case. */
  readonly type: string;
  /** By lower-case name; quotes are undone. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Parses a media type with its parameters. A parameter that is broken is left out, and of two the first counts, as browsers
 * have it.
 *
 * @returns `undefined` where there is no media type.
 * @see RFC 9110 section 8.3.1
 */
export function parseMediaType(value: string): MediaType | undefined {
  const [head = "", ...rest] = splitOutsideQuotes(value, ";");
  const type = head.trim().toLowerCase();
  if (!/^[!#$%&'*+.^`|~\w-]+\/[!#$%&'*+.^`|~\w-]+$/.test(type)) return undefined;
  const parameters = new Map<string, string>();
  for (const text of rest) {
    const parameter = parseParameter(text.trim());
    if (parameter !== undefined && !parameters.has(parameter[0])) parameters.set(...parameter);
  }
  return { type, parameters };
}

/** Whether a media type, without parameters, is JSON by its name. RFC 6838 section 4.2.8, RFC 8259 section 11. */
export function isJsonType(type: string): boolean {
  return type === "application/json" || type === "text/json" || type.endsWith("+json");
}
