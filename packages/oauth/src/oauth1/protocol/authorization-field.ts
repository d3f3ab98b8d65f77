import type { Parameter } from "./parameters.ts";
import { recodeText } from "./percent-encoding.ts";

/** What an `Authorization` field of the scheme OAuth says. */
export interface AuthorizationField {
  /** Not signed: it tells a server which of its areas is meant. */
  readonly realm: string | undefined;
  readonly parameters: readonly Parameter[];
}

/** Parameters that are read at most. */
const PARAMETERS_LIMIT = 64;

/**
 * Writes the value of an `Authorization` field.
 *
 * @param realm printable ASCII.
 * @see RFC 5849 section 3.5.1
 */
export function formatAuthorization({ realm, parameters }: AuthorizationField): string {
  const parts = parameters.map(([name, value]) => `${name}="${value}"`);
  if (realm !== undefined) parts.unshift(`realm="${realm.replace(/["\\]/g, "\\$&")}"`);
  return `OAuth ${parts.join(", ")}`;
}

/**
 * Reads the value of an `Authorization` field; `undefined` where it is of another scheme or breaks the grammar. Parameters
 * that are repeated are repeated here: whoever verifies refuses them.
 *
 * @see RFC 5849 section 3.5.1
 */
export function parseAuthorization(fieldValue: string): AuthorizationField | undefined {
  const scheme = /^OAuth[ \t]+/i.exec(fieldValue);
  if (scheme === null) return undefined;
  const parameters: Parameter[] = [];
  let realm: string | undefined;
  let position = scheme[0].length;
  while (position < fieldValue.length) {
    element.lastIndex = position;
    const [found = "", name = "", value = ""] = element.exec(fieldValue) ?? [];
    if (found === "" || parameters.length === PARAMETERS_LIMIT) return undefined;
    position += found.length;
    if (name.toLowerCase() === "realm") {
      if (realm !== undefined) return undefined;
      realm = value.replace(/\\(.)/g, "$1");
    } else {
      parameters.push([recodeText(name, "plus"), recodeText(value, "plus")]);
    }
  }
  return { realm, parameters };
}

/** One parameter, and the comma before the next. RFC 5849 has all values quoted. */
const element =
  /([!#$%&'*+\-.^`|~\w]+)="((?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e])*)"[ \t]*(?:,[ \t]*(?=[!#$%&'*+\-.^`|~\w])|$)/y;
