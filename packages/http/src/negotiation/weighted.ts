/** Members of one field that are looked at; no client that means it sends more. */
const MEMBERS_LIMIT = 100;

/** A member of an `Accept` field or its like. */
export interface WeightedMember {
  /** In lower case, without parameters. */
  readonly value: string;
  /** All before the weight; names in lower case, quotes undone. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** From 0, which excludes it, to 1. */
  readonly weight: number;
}

/**
 * Parses a list of things with weights. A member that is broken is left out.
 *
 * @see RFC 9110 sections 5.6.6 and 12.4.2
 */
export function parseWeighted(value: string): readonly WeightedMember[] {
  const members: WeightedMember[] = [];
  for (const text of splitOutsideQuotes(value, ",").slice(0, MEMBERS_LIMIT)) {
    const [head = "", ...rest] = splitOutsideQuotes(text, ";").map((part) => part.trim());
    const parameters = rest.filter((part) => part !== "").map(parseParameter);
    const at = parameters.findIndex((parameter) => parameter?.[0] === "q");
    const weight = at === -1 ? 1 : parseWeight(parameters[at]?.[1] ?? "");
    const before = parameters.slice(0, at === -1 ? undefined : at);
    if (!/^[!#$%&'*+.^`|~\w/-]+$/.test(head) || weight === undefined || before.includes(undefined)) continue;
    members.push({
      value: head.toLowerCase(),
      parameters: before.filter((parameter) => parameter !== undefined),
      weight,
    });
  }
  return members;
}

function parseWeight(text: string): number | undefined {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : undefined;
}

/** Parses `name=value` or `name="value"`; the name in lower case. */
export function parseParameter(text: string): readonly [name: string, value: string] | undefined {
  const [, name, token, quoted] =
    /^([!#$%&'*+.^`|~\w-]+)=(?:([!#$%&'*+.^`|~\w-]+)|"((?:[^"\\]|\\.)*)")$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return [name.toLowerCase(), token ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1")];
}

/** Splits at each separator that is in no quotes. */
export function splitOutsideQuotes(value: string, separator: "," | ";"): readonly string[] {
  if (!value.includes('"')) return value.split(separator);
  const parts: string[] = [];
  let [start, isQuoted] = [0, false];
  for (let at = 0; at < value.length; at += 1) {
    const character = value.charAt(at);
    if (isQuoted && character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(value.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(value.slice(start));
  return parts;
}
