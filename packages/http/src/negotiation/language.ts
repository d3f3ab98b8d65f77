import { parseWeighted, type WeightedMember } from "./weighted.ts";

/**
 * Chooses the language of a response: one for the range that the client likes best, the first of several that it likes as
 * much. A range matches the tags that it is a prefix of (basic filtering); where there is none, it is shortened until there
 * is one (lookup): who wants `de-CH` gets `de`.
 *
 * @param offered language tags, the best first.
 * @returns one of them; `undefined` when the client named none: the first is then as good as any.
 * @see RFC 9110 section 12.5.4, RFC 4647 sections 3.3.1 and 3.4
 */
export function chooseLanguage<Offered extends string>(
  acceptLanguage: string | undefined,
  offered: readonly Offered[],
): Offered | undefined {
  if (acceptLanguage === undefined) return offered[0];
  const ranges = parseWeighted(acceptLanguage).filter(({ value }) => isLanguageRange(value));
  for (const range of ranges.filter(({ weight }) => weight > 0).sort((left, right) => right.weight - left.weight)) {
    // Another range may say more about a tag.
    const tag = offered.find((each) => longestMatch(each, ranges) === range) ?? lookUp(range, ranges, offered);
    if (tag !== undefined) return tag;
  }
  return undefined;
}

function longestMatch(tag: string, ranges: readonly WeightedMember[]): WeightedMember | undefined {
  let longest: WeightedMember | undefined;
  for (const range of ranges) {
    const matches = range.value === "*" || isPrefix(range.value, tag.toLowerCase());
    if (matches && lengthOf(range) > (longest === undefined ? -1 : lengthOf(longest))) longest = range;
  }
  return longest;
}

function lookUp<Offered extends string>(
  { value }: WeightedMember,
  ranges: readonly WeightedMember[],
  offered: readonly Offered[],
): Offered | undefined {
  for (let range = shortened(value); range !== ""; range = shortened(range)) {
    const found = offered.find((tag) => tag.toLowerCase() === range && longestMatch(tag, ranges)?.weight !== 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without the last subtag, and a single letter before it. RFC 4647 section 3.4. */
function shortened(range: string): string {
  const rest = range.slice(0, Math.max(0, range.lastIndexOf("-")));
  return rest.at(-2) === "-" ? rest.slice(0, -2) : rest;
}

/** RFC 4647 section 2.1; no tag is longer. RFC 5646 section 4.4.1. */
function isLanguageRange(value: string): boolean {
  return value.length <= 64 && /^(?:[a-z]{1,8}(?:-[a-z\d]{1,8})*|\*)$/.test(value);
}

function isPrefix(range: string, tag: string): boolean {
  return tag === range || tag.startsWith(`${range}-`);
}

function lengthOf({ value }: WeightedMember): number {
  return value === "*" ? 0 : value.length;
}
