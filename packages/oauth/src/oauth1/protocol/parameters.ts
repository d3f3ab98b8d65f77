import { encodeText, recodeText, type EncodedText } from "./percent-encoding.ts";

/** A name and its value, both in the form that is signed. */
export type Parameter = readonly [name: EncodedText, value: EncodedText];

/** Makes a parameter out of plain text. */
export function parameter(name: string, value: string): Parameter {
  return [encodeText(name), encodeText(value)];
}

/**
 * Reads a query, without its question mark, or a form. What stands between two `&` with nothing in it is no parameter.
 *
 * @see RFC 5849 section 3.4.1.3.1
 */
export function parseParameters(text: string): readonly Parameter[] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      const [name, value] = equals === -1 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
      return [recodeText(name, "space"), recodeText(value, "space")];
    });
}

/**
 * Writes parameters as a query or a form.
 *
 * @see RFC 5849 sections 3.5.2 and 3.5.3
 */
export function formatParameters(parameters: readonly Parameter[]): string {
  return parameters.map(([name, value]) => `${name}=${value}`).join("&");
}

/**
 * Writes parameters in the one order in which they are signed: by name, those of one name by value.
 *
 * @see RFC 5849 section 3.4.1.3.2
 */
export function normalizeParameters(parameters: readonly Parameter[]): string {
  return formatParameters([...parameters].sort((one, other) => order(one[0], other[0]) || order(one[1], other[1])));
}

/** Encoded text is ASCII, so the order of its characters is that of its bytes. */
function order(one: EncodedText, other: EncodedText): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
