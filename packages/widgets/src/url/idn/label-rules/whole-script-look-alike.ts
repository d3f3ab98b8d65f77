import type { Label } from "../label.ts";

/**
 * Objects to a label whose letters of another script all look like Latin ones (`аррӏе` in Cyrillic), unless the top-level
 * domain goes with the script, so that its readers expect it.
 */
export function wholeScriptLookAlike(label: Label): string | undefined {
  if (label.scripts?.single !== true || ordinaryWords.has(label.text)) return undefined;
  for (const { name, letters, all, atHome } of scripts) {
    if (!letters.test(label.text)) continue;
    if (!all.test(label.text) || letters.test(label.topLevel.unicode)) continue;
    if (!atHome.includes(label.topLevel.ascii)) return name;
  }
  return undefined;
}

/** Words that look Latin letter by letter and that everybody reads as what they are. */
const ordinaryWords: ReadonlySet<string> = new Set([
  "секс",
  "как",
  "коса",
  "курс",
  "парк",
  "такий",
  "укроп",
  "сахарок",
  "покраска",
]);

/** For each script what looks Latin, in lower case, and the top-level domains in ASCII where the script is at home. */
const scripts = [
  look("Armenian", "ագզէլհյոսւօՙ", ["am"]),
  look("Cyrillic", "аысԁеԍһіюкјӏорԗԛѕтԝхуъьҽпгѵѡ", ["bg", "by", "kz", "ru", "su", "ua", "uz"]),
  look("Ethiopic", "ሀሠሰስበነተከዐዕዘጠፐꬅ", ["er", "et"]),
  look("Georgian", "იოყძხჽჿ", ["ge"]),
  look("Greek", "αικνρυωηοτ", ["gr"]),
  look("Hebrew", "\u05d3\u05d5\u05d7\u05d9\u05df\u05e1\u05f0\u05f2\u05f3", ["il"]),
  look("Bengali", "০৭", []),
  look("Devanagari", "ऽ०ॱ", []),
  look("Gujarati", "ડટ૦૧", []),
  look("Gurmukhi", "੦੧", []),
  look("Kannada", "ಽ೦೧", []),
  look("Malayalam", "ടഠധനറ൦", []),
  look("Oriya", "ଠ୦୮", []),
  look("Tamil", "டப௦", []),
  look("Telugu", "౦౧", []),
  look("Myanmar", "ခဂငထပဝ၀၂ၔၜ\u1090\u1091\u1095\u1096\u1097", ["mm"]),
  look("Thai", "ทนบพรหเแ๐ดลปฟม", ["th"]),
];

function look(
  name: string,
  lookAlikes: string,
  atHome: readonly string[],
): { readonly name: string; readonly letters: RegExp; readonly all: RegExp; readonly atHome: readonly string[] } {
  const letters = new RegExp(`\\p{Script=${name}}`, "u");
  return { name, letters, all: new RegExp(`^(?:[${lookAlikes}]|\\P{Script=${name}})+$`, "u"), atHome };
}
