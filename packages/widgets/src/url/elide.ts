import type { UrlPart } from "./url-display.ts";

/**
 * Shortens the parts of a URL until they fit, so that the end of the site's name is always there: first a quiet scheme
 * goes, then the path, query and fragment are cut at their end, then the subdomains from their front, and what is left of
 * the site from its front. A flagged scheme and a port stay whole.
 *
 * @param fits whether a text has room; it is asked some ten times for each part that is cut.
 * @returns parts in the same order; `…` stands where something is missing, except for the scheme.
 */
export function elideUrl(parts: readonly UrlPart[], fits: (text: string) => boolean): readonly UrlPart[] {
  if (fitsAll(parts, fits)) return parts;
  const whole = parts.filter((part) => part.role !== "scheme" || part.emphasis === "flagged");
  if (fitsAll(whole, fits)) return whole;
  const { origin, tail } = apart(whole);
  const shortTail = cutEnd(tail, (kept) => fitsAll([...origin, ...kept], fits));
  if (shortTail !== undefined) return [...origin, ...shortTail];
  const bare = fitsAll(origin, fits) ? origin : cutFront(origin, fits);
  return bare;
}

function apart(parts: readonly UrlPart[]): { readonly origin: readonly UrlPart[]; readonly tail: readonly UrlPart[] } {
  const tailRoles: ReadonlySet<string> = new Set(["path", "query", "fragment", "opaque"]);
  return {
    origin: parts.filter((part) => !tailRoles.has(part.role)),
    tail: parts.filter((part) => tailRoles.has(part.role)),
  };
}

/** The longest beginning of the tail, with `…`, that has room; `undefined` where not even its first character has. */
function cutEnd(tail: readonly UrlPart[], fits: (tail: readonly UrlPart[]) => boolean): readonly UrlPart[] | undefined {
  const characters = tail.flatMap((part) => Array.from(part.text, (character) => ({ part, character })));
  const beginning = (count: number): readonly UrlPart[] => {
    const kept = tail.flatMap((part) => {
      const text = characters
        .slice(0, count)
        .filter((one) => one.part === part)
        .map((one) => one.character)
        .join("");
      return text === "" ? [] : [{ ...part, text }];
    });
    const last = kept.at(-1);
    return last === undefined ? [] : [...kept.slice(0, -1), { ...last, text: `${last.text}…` }];
  };
  const count = most(characters.length - 1, (length) => fits(beginning(length)));
  return count === 0 ? undefined : beginning(count);
}

/** Cuts the subdomains from the front, then the site. Where nothing fits, the last character of the site remains. */
function cutFront(origin: readonly UrlPart[], fits: (text: string) => boolean): readonly UrlPart[] {
  let parts = origin;
  for (const role of ["subdomain", "site"] as const) {
    const cut = parts.find((part) => part.role === role);
    if (cut === undefined) continue;
    const characters = Array.from(cut.text);
    const ending = (count: number): readonly UrlPart[] =>
      parts.map((part) =>
        part === cut ? { ...part, text: `…${characters.slice(characters.length - count).join("")}` } : part,
      );
    const least = role === "site" ? 1 : 0;
    const count = Math.max(
      least,
      most(characters.length - 1, (length) => fitsAll(ending(length), fits)),
    );
    const shorter = ending(count);
    if (fitsAll(shorter, fits) || role === "site") return shorter;
    parts = parts.filter((part) => part !== cut);
    if (fitsAll(parts, fits)) return parts;
  }
  return parts;
}

/** The greatest number up to `limit` for which a condition holds that fails for all greater ones; 0 where none is. */
function most(limit: number, holds: (count: number) => boolean): number {
  let low = 0;
  let high = Math.max(0, limit);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fitsAll(parts: readonly UrlPart[], fits: (text: string) => boolean): boolean {
  return fits(parts.map((part) => part.text).join(""));
}
