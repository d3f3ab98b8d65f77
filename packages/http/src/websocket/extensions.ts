import { WHOLE_TOKEN } from "../h1/grammar.ts";

/** One extension that is offered or agreed, with its parameters in order. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

/** A parameter; `value` is `undefined` where it has none. */
export interface ExtensionParameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** Extensions that a field may list, and parameters that one may have: more is nobody's honest offer. */
const MOST = 64;

/** The next element of an extension list: a name, or a separator and what belongs to it. */
const EXTENSION_PART = /[\t ]*([^\t ;,="]+)[\t ]*(?:=[\t ]*(?:([^\t ;,="]+)|"((?:[^"\\]|\\.)*)")[\t ]*)?(;|,|$)/y;

/**
 * Reads a Sec-WebSocket-Extensions field; lines that came more than once are joined by commas. Empty elements are passed
 * over, as in every list (RFC 9110 section 5.6.1).
 *
 * @returns `undefined` for what is no list of extensions.
 * @see RFC 6455 section 9.1
 */
export function parseExtensions(value: string): readonly Extension[] | undefined {
  const extensions: { readonly name: string; readonly parameters: ExtensionParameter[] }[] = [];
  let behind = ",";
  for (let at = 0; at < value.length || behind === ";"; at = EXTENSION_PART.lastIndex) {
    if (behind === ",") {
      at = skipEmptyElements(value, at);
      if (at === value.length) return extensions;
    }
    EXTENSION_PART.lastIndex = at;
    const found = EXTENSION_PART.exec(value);
    const [, name = "", token, quoted] = found ?? [];
    const given = token ?? quoted?.replaceAll(/\\(.)/g, "$1");
    // A quoted value is a token too, once its quotes are gone.
    if (found === null || !WHOLE_TOKEN.test(name) || (given !== undefined && !WHOLE_TOKEN.test(given)))
      return undefined;
    const list = behind === "," ? extensions : extensions.at(-1)?.parameters;
    if (list === undefined || list.length === MOST || (behind === "," && given !== undefined)) return undefined;
    if (behind === ",") extensions.push({ name, parameters: [] });
    else extensions.at(-1)?.parameters.push({ name, value: given });
    behind = found[4] ?? "";
    if (behind === "") return extensions;
  }
  return extensions;
}

/** Writes an extension as it stands in the field. Values are tokens. */
export function formatExtension({ name, parameters }: Extension): string {
  return [name, ...parameters.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))].join("; ");
}

function skipEmptyElements(value: string, from: number): number {
  let at = from;
  while (at < value.length && /[\t ,]/.test(value.charAt(at))) at += 1;
  return at;
}
