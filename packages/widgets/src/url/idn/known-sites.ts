import type { Confusables } from "../data/confusables.ts";
import { decodePunycode } from "./punycode.ts";
import { skeletons } from "./skeleton.ts";

/** Sites that others could be taken for, ready to be looked up. */
export interface KnownSites {
  /** Their registrable domains, in ASCII. */
  readonly domains: ReadonlySet<string>;
  /** What each domain looks like, to the domain; the first of several that look the same. */
  readonly bySkeleton: ReadonlyMap<string, string>;
  /** The label that somebody registered, to the domain: `paypal` of `paypal.com`. */
  readonly byName: ReadonlyMap<string, string>;
  /** What each such label looks like, digits and letters made the same, to the domain. */
  readonly byNameSkeleton: ReadonlyMap<string, string>;
  /** Each such label without one of its characters, to the domain; only of labels of six characters and more. */
  readonly byNameWithoutOne: ReadonlyMap<string, string>;
}

/** Labels that are shorter are one character away from too many honest ones. */
const LEAST_LENGTH_OF_NEAR_NAMES = 6;
/** Longer names are not in the DNS. */
const GREATEST_LENGTH_OF_NEAR_NAMES = 63;

/**
 * Prepares sites to be compared with: some ten microseconds for each.
 *
 * @param domains registrable domains, in ASCII as the URL parser gives them. What stands first wins.
 */
export function knownSites(domains: Iterable<string>, confusables: Confusables): KnownSites {
  const sites = {
    domains: new Set<string>(),
    bySkeleton: new Map<string, string>(),
    byName: new Map<string, string>(),
    byNameSkeleton: new Map<string, string>(),
    byNameWithoutOne: new Map<string, string>(),
  };
  for (const domain of domains) {
    sites.domains.add(domain);
    const unicode = inUnicode(domain);
    const [name = ""] = unicode.split(".");
    for (const skeleton of skeletons(unicode, confusables)) add(sites.bySkeleton, skeleton, domain);
    add(sites.byName, name, domain);
    for (const skeleton of nameSkeletons(name, confusables)) add(sites.byNameSkeleton, skeleton, domain);
    for (const shorter of namesWithoutOne(name)) add(sites.byNameWithoutOne, shorter, domain);
  }
  return sites;
}

/** A domain with its labels in Unicode; for comparing only, since no rule was asked. */
export function inUnicode(domain: string): string {
  if (!domain.includes("xn--")) return domain;
  return domain
    .split(".")
    .map((label) => (label.startsWith("xn--") ? (decodePunycode(label) ?? label) : label))
    .join(".");
}

/** What a registered label looks like when digits are read as the letters that they stand for: `paypa1` as `paypal`. */
export function nameSkeletons(name: string, confusables: Confusables): readonly string[] {
  return skeletons(name, confusables).map((skeleton) =>
    skeleton.replaceAll(/[O3457]/g, (digit) => lettersForDigits.get(digit) ?? digit),
  );
}

/** A skeleton has `l` for 1 and `O` for 0 already. */
const lettersForDigits: ReadonlyMap<string, string> = new Map(
  Object.entries({ O: "o", 3: "e", 4: "a", 5: "s", 7: "t" }),
);

/** A registered label with one character left out, each in turn; none of a short one. */
export function namesWithoutOne(name: string): readonly string[] {
  const characters = Array.from(name);
  if (characters.length < LEAST_LENGTH_OF_NEAR_NAMES || characters.length > GREATEST_LENGTH_OF_NEAR_NAMES) return [];
  return characters.map((_, index) => characters.toSpliced(index, 1).join(""));
}

function add(map: Map<string, string>, key: string, domain: string): void {
  if (!map.has(key)) map.set(key, domain);
}
