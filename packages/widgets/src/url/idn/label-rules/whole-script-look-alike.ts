import type { Label } from "../label.ts";

/**
 * Objects to a label whose letters of another script all look like Latin ones (`аррӏе` in Cyrillic), unless the top-level
 * domain goes with the script, so that its readers expect it.
 */
export function wholeScriptLookAlike({ text, scripts, topLevel }: Label): string | undefined {
  const script = lookAlikes.get(scripts?.name ?? "");
  if (script === undefined || ordinaryWords.has(text)) return undefined;
  const { letters, all, atHome } = script;
  if (!letters.test(text) || !all.test(text)) return undefined;
  return letters.test(topLevel.unicode) || atHome.includes(topLevel.ascii) ? undefined : scripts?.name;
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
const lookAlikes = new Map([
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
]);

function look(name: string, letters: string, atHome: readonly string[]): readonly [name: string, LookAlikes] {
  const all = new RegExp(`^(?:[${letters}]|\\P{Script=${name}})+$`, "u");
  return [name, { letters: new RegExp(`\\p{Script=${name}}`, "u"), all, atHome }];
}

interface LookAlikes {
  readonly letters: RegExp;
  /** A label whose letters of the script all look Latin. */
  readonly all: RegExp;
  readonly atHome: readonly string[];
}
