import type { Confusables } from "../data/confusables.ts";

/**
 * What a name looks like: names that look the same have a skeleton in common. Diacritics are left out of Latin, Greek and
 * Cyrillic letters, since they are overlooked; letters that look like two others give a skeleton for each.
 *
 * @param name in Unicode, in lower case.
 * @returns one skeleton for most names, eight at the most. They are for comparing, not for showing.
 * @see UTS 39 section 4
 */
export function skeletons(name: string, confusables: Confusables): readonly string[] {
  if (looksLikeItself(name)) return [name];
  const decomposed = name.normalize("NFD");
  const plain = latinGreekCyrillic.test(name) ? withoutDiacritics(decomposed) : decomposed;
  if (!severalLooks.test(plain)) return [skeleton(plain, confusables)];
  let variants: readonly string[] = [plain];
  for (const [letter, looks] of looksOf) {
    if (!plain.includes(letter) || variants.length > 4) continue;
    variants = variants.flatMap((variant) => looks.map((look) => variant.replaceAll(letter, look)));
  }
  return [...new Set(variants.map((variant) => skeleton(variant, confusables)))];
}

/** Whether a name, or a part of one, is its own skeleton: lower-case letters and digits that look like no other. */
export function looksLikeItself(name: string): boolean {
  return asItIs.test(name) && !name.includes("vv");
}

/** @param name decomposed. */
function skeleton(name: string, confusables: Confusables): string {
  if (looksLikeItself(name)) return name;
  let look = "";
  for (const character of name) {
    const near = moreConfusables.get(character) ?? character;
    look += confusables.get(near) ?? near;
  }
  return (asciiOnly.test(look) ? look : look.normalize("NFD")).replaceAll("vv", "w");
}

function withoutDiacritics(decomposed: string): string {
  const letters = decomposed.replaceAll(marks, "");
  return struckThrough.test(letters) ? letters.replaceAll("ł", "l").replaceAll("ø", "o").replaceAll("đ", "d") : letters;
}

/** All but m, 0 and 1, and `vv`, which looks like w. */
const asItIs = /^[a-ln-z2-9.-]*$/;
const marks = /\p{Mn}/gu;
const struckThrough = /[łøđ]/;
const asciiOnly = /^[\0-\u007f]*$/;
const latinGreekCyrillic = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}0-9._\u0300-\u0339-]*$/u;

const severalLooks = /[þœß\u04cf]/;
const looksOf: readonly (readonly [letter: string, looks: readonly string[]])[] = [
  ["þ", ["b", "p"]],
  ["œ", ["ce", "oe"]],
  ["ß", ["b", "ss"]],
  ["\u04cf", ["l", "i"]],
];

/** What Unicode's data leave apart and common fonts do not: each letter or digit, and what is taken for it. */
const moreConfusables: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ae: "æӕ",
    p: "ϼҏ",
    h: "ħнћңҥӈӊԋԧԩ",
    k: "ĸκкқҝҟҡӄԟ",
    n: "ŋпԥก\u05d7",
    t: "ŧтҭԏ七丅丆丁",
    b: "ƅьҍв",
    w: "ωшщพฟພຟ",
    m: "мӎ",
    e: "єҽҿၔ",
    r: "ґ",
    f: "ғӻ",
    c: "ҫင",
    y: "ұ丫",
    x: "χҳӽӿ乂",
    d: "ԃძ",
    g: "ԍဌ",
    s: "ടรຣຮ",
    j: "၂",
    o: "०০੦૦ଠ୦೦စ",
    q: "৭੧૧",
    u: "บບ",
    0: "θ",
    2: "२২੨૨೩೭շ",
    3: "зҙӡउওਤ੩૩౩ဒვპੜკ",
    4: "੫丩ㄐ",
    6: "ճ",
    8: "৪੪୫",
    9: "૭୨౨",
    "-": "—一―⸺⸻",
  }).flatMap(([look, letters]) => Array.from(letters, (letter) => [letter, look] as const)),
);
