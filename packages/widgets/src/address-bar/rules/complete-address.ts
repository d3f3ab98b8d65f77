import type { Remembered } from "./remembered.ts";

/** One line of the list under the bar. */
export interface Completion {
  /** Canonical. */
  readonly url: string;
  readonly title: string;
}

/** The rest of an address whose beginning was typed. */
export interface InlineCompletion {
  /** Follows the typed text. */
  readonly rest: string;
  /** Where both together lead. */
  readonly url: string;
}

/** What is offered for a text. */
export interface Completions {
  /** The best first. */
  readonly offers: readonly Completion[];
  /** What is put behind the caret; `undefined` where nothing may be. */
  readonly inline: InlineCompletion | undefined;
}

/** So many lines has the list at the most. */
export const OFFER_LIMIT = 8;

/**
 * Finds the visited addresses that go with a text: each word of it is in the address or in the title. Those that begin
 * with the text come first, then those where each word begins a word; among equals what is visited often and was visited
 * lately.
 *
 * @param now milliseconds since 1970.
 */
export function completeAddress(text: string, remembered: readonly Remembered[], now: number): Completions {
  const typed = withoutBeginning(text);
  const words = typed.rest.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return { offers: [], inline: undefined };
  const found = remembered
    .map((each) => ({ each, place: placeOf(each, typed.rest.toLowerCase(), words) }))
    .filter(({ place }) => place > 0)
    .map(({ each, place }) => ({ each, rank: place + familiarity(each, now) }))
    .sort((one, other) => other.rank - one.rank);
  const best = found[0]?.each;
  return {
    offers: found.slice(0, OFFER_LIMIT).map(({ each }) => ({ url: each.url, title: each.visit.title ?? "" })),
    inline: best === undefined ? undefined : inlineOf(typed, best),
  };
}

interface TypedBeginning {
  readonly scheme: string;
  readonly www: string;
  readonly rest: string;
}

/** A person may leave out scheme and `www.`, so they are not compared. */
function withoutBeginning(text: string): TypedBeginning {
  const [, scheme = "", www = "", rest = ""] = /^\s*(https?:\/\/)?(www\.)?(.*)$/isu.exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), www, rest };
}

/** 4 for what begins with the text, then what the weakest of its words is worth, 0 where one of them is missing. */
function placeOf({ addressWords, titleWords }: Remembered, typed: string, words: readonly string[]): number {
  if (addressWords.startsWith(typed)) return 4;
  let weakest = 3;
  for (const word of words) {
    weakest = Math.min(weakest, Math.max(worthOf(addressWords, word, 3), worthOf(titleWords, word, 2)));
    if (weakest === 0) return 0;
  }
  return weakest;
}

/** `atWord` where a word begins with it, 1 inside of one, 0 where it is not. */
function worthOf(text: string, word: string, atWord: number): number {
  const at = text.indexOf(word);
  if (at === -1) return 0;
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? atWord : 1;
}

const DAY = 86_400_000;

/** From 0 to 1, without reaching it. A visit counts half after thirty days. */
function familiarity({ visit }: Remembered, now: number): number {
  const days = Math.max(0, now - visit.lastVisit) / DAY;
  const weight = Math.max(0, visit.visits) * 0.5 ** (days / 30);
  return weight / (weight + 10);
}

/**
 * Completes in the line only what is unmistakable: plain ASCII was typed, and it begins a host, or a path below it, that is
 * ASCII throughout. An internationalised name is never put there: it would look like what was meant, and be another. Until
 * a path is begun the host alone is completed, since where in it one wants to go is not known.
 */
function inlineOf({ scheme, www, rest }: TypedBeginning, best: Remembered): InlineCompletion | undefined {
  const url = new URL(best.url);
  if (!/^[\x21-\x7e]+$/u.test(rest) || /(?:^|\.)xn--/u.test(url.hostname)) return undefined;
  if (scheme !== "" && scheme !== `${url.protocol}//`) return undefined;
  if (www !== "" && !url.hostname.startsWith("www.")) return undefined;

  const path = rest.indexOf("/");
  if (path === -1) {
    if (!best.host.startsWith(rest.toLowerCase())) return undefined;
    return { rest: `${best.host}/`.slice(rest.length), url: `${url.origin}/` };
  }
  // Host names know no case, paths do.
  const begun = rest.slice(0, path).toLowerCase() + rest.slice(path);
  if (!best.address.startsWith(begun) || best.address.length === begun.length) return undefined;
  return { rest: best.address.slice(begun.length), url: best.url };
}
