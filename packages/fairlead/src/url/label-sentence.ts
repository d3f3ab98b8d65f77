import type { PunycodeRule, ShownLabel } from "@fairlead/widgets/url";

/** Says why a label is shown as it is; empty for one in ASCII, where there is nothing to say. */
export function labelSentence({ ascii, shown, why }: ShownLabel): string {
  switch (why.type) {
    case "ascii":
      return "";
    case "unicode":
      return `${shown} (${ascii}) is shown in Unicode: ${why.script} throughout, and no rule objects`;
    case "punycode": {
      const unicode = why.unicode === undefined ? "" : ` (${why.unicode})`;
      return `${ascii}${unicode} stays in punycode, rule ${why.rule}: ${clauses[why.rule](found(why.rule, why.found))}`;
    }
  }
}

const clauses: Readonly<Record<PunycodeRule, (found: string) => string>> = {
  "no-data": () => "the data for the rules are not loaded",
  "not-canonical": () => "what it stands for is not a name, or is another one",
  "known-site-look-alike": (site) => `it looks like ${site}`,
  joiner: (character) => `it holds ${character}, which nobody sees`,
  "reserved-hyphens": () => "hyphens in the third and fourth place are reserved",
  "character-not-allowed": (character) => `it holds ${character}, which is not in everyday use in any language`,
  "script-mix": (scripts) => `it mixes scripts that are not written together: ${scripts}`,
  "mixed-digits": (digits) => `it mixes the digits of two systems: ${digits}`,
  "repeated-mark": (mark) => `it holds the combining mark ${mark} twice on one letter, where it is drawn once`,
  "foreign-to-top-level": (letter) => `it holds ${letter}, which looks like another letter outside of its own country`,
  "middle-dot": () => "it holds a middle dot, which belongs between two l in Catalan only",
  "whole-script-look-alike": (script) => `all of its ${script} letters look like Latin ones`,
  "digit-look-alike": (letter) => `it looks like a number, and holds ${letter}`,
  "accented-latin-mix": (letter) => `it holds ${letter}, which nobody writes beside the other script`,
  "dangerous-pattern": (characters) => `${characters} looks like punctuation or another letter where it stands`,
};

/** Characters with their code points, since the letter alone looks like another; names of scripts and sites as they are. */
function found(rule: PunycodeRule, text: string): string {
  if (rule === "script-mix" || rule === "known-site-look-alike" || rule === "whole-script-look-alike") return text;
  const codes = Array.from(text, (character) => {
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
  return `${codes.join(" ")} “${text}”`;
}
