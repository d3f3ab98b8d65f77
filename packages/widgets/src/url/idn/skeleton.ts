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
  let variants: readonly string[] = [withoutDiacritics(name)];
  for (const [letter, looks] of severalLooks) {
    if (!name.includes(letter) || variants.length > 4) continue;
    variants = variants.flatMap((variant) => looks.map((look) => variant.replaceAll(letter, look)));
  }
  return [...new Set(variants.map((variant) => skeleton(variant, confusables)))];
}

function skeleton(name: string, confusables: Confusables): string {
  if (asItIs.test(name) && !name.includes("vv")) return name;
  let look = "";
  for (const character of name.normalize("NFD")) {
    const near = moreConfusables.get(character) ?? character;
    look += confusables.get(near) ?? near;
  }
  return look.normalize("NFD").replaceAll("vv", "w");
}

function withoutDiacritics(name: string): string {
  if (asciiOnly.test(name) || !latinGreekCyrillic.test(name)) return name;
  return name
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .normalize("NFC")
    .replaceAll(/[łøđ]/g, (letter) => {
      return letter === "ł" ? "l" : letter === "ø" ? "o" : "d";
    });
}

/** Lower-case letters and digits that look like no other: all but m, 0 and 1, and `vv`, which looks like w. */
const asItIs = /^[a-ln-z2-9.-]*$/;
const asciiOnly = /^[\0-\u007f]*$/;
const latinGreekCyrillic = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}0-9._\u0300-\u0339-]*$/u;

const severalLooks: readonly (readonly [letter: string, looks: readonly string[]])[] = [
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
