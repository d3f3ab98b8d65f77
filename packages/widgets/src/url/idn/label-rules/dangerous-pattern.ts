import type { Label } from "../label.ts";

/**
 * Objects to characters of Chinese and Japanese where they look like punctuation or Latin letters, and to marks that hide
 * on the letter below them. The label is one string of a script or an allowed mix; among their own kind most of these are
 * ordinary.
 */
export function dangerousPattern(label: Label): string | undefined {
  const { text, scripts } = label;
  if (scripts?.single === true && !dangerousAmongItsOwn.test(text)) return undefined;
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found[0];
  }
  return undefined;
}

/** The letters that Hiragana and Katakana have in common, Katakana's marks, and combining marks. */
const dangerousAmongItsOwn = /[\u3078-\u307a\u30d8-\u30da\u30fb-\u30fe\u0300-\u0339\u3099\u309a]/;

const kana = "\\p{scx=Kana}";
const hiragana = "\\p{scx=Hira}";
const japanese = `${kana}${hiragana}\\p{scx=Hani}`;
const cjk = `${japanese}\\p{scx=Bopo}`;
/** Strokes that look like a hyphen, a bar, a plus sign, or the letters t, i, o, h, u, y, x. */
const strokes =
  "\u4e00\u3127\u4e28\u4e5b\u4e03\u4e05\u5341\u3007\u3112\u311a\u311f\u3128\u3129\u3108\u31ba\u31b3\u5de5\u31b2\u8ba0\u4e01\u4e36\u4e85\u4e8c\u4ea0\u5196\u5b80\u5ddb";

const patterns = [
  // A solidus, to all appearances, between what is not Japanese.
  `[^${japanese}][\u30ce\u30f3\u30bd\u30be\u4e36\u4e40\u4e41\u4e3f][^${japanese}]`,
  // Iteration marks repeat a Katakana letter, and nothing else.
  `(?:^|[^${kana}])[\u30fd\u30fe]`,
  // He, be and pe look the same in Hiragana and Katakana.
  `^${kana}+[\u3078-\u307a]${kana}+$`,
  `^${hiragana}+[\u30d8-\u30da]${hiragana}+$`,
  // The prolonged sound mark looks like a hyphen, and the Katakana middle dot like a full stop.
  `(?:^|[^${kana}${hiragana}])\u30fc`,
  `[^${japanese}]\u30fb|\u30fb[^${japanese}]|\u30fb$`,
  `[^${cjk}][${strokes}]|[${strokes}][^${cjk}]`,
  // Combining marks where no font places them, and on what has a dot or has lost it.
  "[^\\p{scx=Latn}\\p{scx=Grek}\\p{scx=Cyrl}][\u0300-\u0339]",
  "\u0131[\u0300-\u0339]",
  "[\u3099\u309a]",
  "[ijl]\u0307",
].map((source) => new RegExp(source, "u"));
