import { inUnicode, type KnownSites, nameSkeletons, namesWithoutOne } from "../idn/known-sites.ts";
import { skeletons } from "../idn/skeleton.ts";
import type { Confusables } from "../data/confusables.ts";
import type { PhishingCue } from "./phishing-cue.ts";
import type { CueFacts } from "./cue-facts.ts";

/**
 * A registrable domain that looks like another: like one that the user visits first, then like a well-known one. The name
 * that somebody registered is compared, under whatever suffix; the very same name under another suffix is no look-alike,
 * since many sites have several.
 */
export function lookAlike(domain: string, { confusables, visited, wellKnown }: CueFacts): PhishingCue | undefined {
  if (confusables === undefined) return undefined;
  const [name = ""] = inUnicode(domain).split(".");
  return (
    (visited && likeOneOf(name, "visited", visited, confusables)) ??
    (wellKnown && likeOneOf(name, "well-known", wellKnown, confusables))
  );
}

function likeOneOf(
  name: string,
  known: "visited" | "well-known",
  sites: KnownSites,
  confusables: Confusables,
): PhishingCue | undefined {
  if (sites.byName.has(name)) return undefined;
  for (const skeleton of nameSkeletons(name, confusables)) {
    const of = sites.byNameSkeleton.get(skeleton);
    if (of === undefined) continue;
    const how = looksTheSame(name, of, confusables) ? "same-to-the-eye" : "digits-for-letters";
    // Of two or three characters, digits for letters are a name of its own: `o2`, `m3`.
    if (how === "digits-for-letters" && name.length < 4) continue;
    return { type: "look-alike", of, known, how, certainty: "likely" };
  }
  const near = oneCharacterApart(name, sites);
  if (near === undefined) return undefined;
  return { type: "look-alike", of: near, known, how: "one-character", certainty: "possible" };
}

function looksTheSame(name: string, domain: string, confusables: Confusables): boolean {
  const [other = ""] = inUnicode(domain).split(".");
  const looks = new Set(skeletons(other, confusables));
  return skeletons(name, confusables).some((look) => looks.has(look));
}

/** One character more, one less, another one, or two that changed places: both without one character are the same. */
function oneCharacterApart(name: string, sites: KnownSites): string | undefined {
  const shorter = namesWithoutOne(name);
  if (shorter.length === 0) return undefined;
  for (const candidate of [name, ...shorter]) {
    const of = sites.byNameWithoutOne.get(candidate) ?? sites.byName.get(candidate);
    if (of !== undefined && Math.min(nameOf(of).length, name.length) >= 6 && isOneEdit(name, nameOf(of))) return of;
  }
  return undefined;
}

function nameOf(domain: string): string {
  return inUnicode(domain).split(".")[0] ?? "";
}

/** Compares without what both begin and end with: at most one character may remain of each, or two in the other order. */
function isOneEdit(one: string, other: string): boolean {
  const [left, right] = [Array.from(one), Array.from(other)];
  while (left.length > 0 && left[0] === right[0]) {
    left.shift();
    right.shift();
  }
  while (left.length > 0 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
