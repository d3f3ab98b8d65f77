import type { Label, LabelScripts } from "../label.ts";

/**
 * Objects to scripts that are not written together: all letters are of one script, or of those of Chinese, Japanese or
 * Korean, with Latin letters among them at the most.
 *
 * @see UTS 39 section 5.2, "Highly Restrictive"
 */
export function scriptMix(label: Label): string | undefined {
  if (label.scripts !== undefined) return undefined;
  const names = [...frequent, ...rare].filter(({ letters }) => letters.test(label.text)).map(({ name }) => name);
  return names.slice(0, 4).join(", ");
}

/** Finds the script of a label, or the scripts that may stand together in it. */
export function labelScripts(text: string): LabelScripts | undefined {
  return candidates.find(({ whole }) => whole.test(text))?.found;
}

interface Candidate {
  readonly whole: RegExp;
  readonly found: LabelScripts;
}

/** The scripts in everyday use, as regular expressions name them; first those of most names. */
const frequent = [
  ...["Latin", "Cyrillic", "Han", "Arabic", "Greek", "Hebrew", "Thai", "Devanagari", "Hangul", "Katakana", "Hiragana"],
  "Bopomofo",
].map(script);
const rare = [
  ...["Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam"],
  ...["Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Tibetan"],
].map(script);

/** Chinese with Bopomofo, Japanese, Korean: each is one script for its readers. */
const mixes = [
  { name: "Chinese", members: ["Han", "Bopomofo"] },
  { name: "Japanese", members: ["Han", "Hiragana", "Katakana"] },
  { name: "Korean", members: ["Han", "Hangul"] },
].flatMap(({ name, members }): readonly Candidate[] => [
  { whole: wholly(members), found: { name, single: true } },
  { whole: wholly([...members, "Latin"]), found: { name: `${name} and Latin`, single: false } },
]);

/** In the order in which they are tried: a mix behind each of its members. */
const candidates: readonly Candidate[] = [...frequent, ...mixes, ...rare];

function script(name: string): Candidate & { readonly name: string; readonly letters: RegExp } {
  return {
    name,
    letters: new RegExp(`\\p{Script=${name}}`, "u"),
    whole: wholly([name]),
    found: { name, single: true },
  };
}

function wholly(names: readonly string[]): RegExp {
  const classes = [...names, "Common", "Inherited"].map((name) => `\\p{Script_Extensions=${name}}`);
  return new RegExp(`^[${classes.join("")}]+$`, "u");
}
