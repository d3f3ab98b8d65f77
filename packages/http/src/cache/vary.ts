import { fieldValue, tokens, type FieldLines } from "./fields.ts";
import type { StoredResponse } from "./stored-response.ts";

/**
 * What a response was selected by: the request's fields that its `Vary` names. `undefined` for `*`: no other request gets
 * this response.
 *
 * @see RFC 9111 section 4.1
 */
export function selectingFields(
  request: FieldLines,
  response: FieldLines,
): StoredResponse["selectingFields"] | undefined {
  const names = tokens(fieldValue(response, "vary") ?? "");
  if (names.includes("*")) return undefined;
  return Object.fromEntries(names.map((name) => [name, normalized(fieldValue(request, name))]));
}

/** Whether a request has the same selecting fields as the one that a response was stored for. */
export function matchesVary({ selectingFields: stored }: StoredResponse, request: FieldLines): boolean {
  return Object.entries(stored).every(([name, value]) => normalized(fieldValue(request, name)) === value);
}

/** White space around list members means nothing. */
function normalized(value: string | undefined): string | undefined {
  return value
    ?.split(",")
    .map((member) => member.trim().replace(/[\t ]+/g, " "))
    .join(",");
}
