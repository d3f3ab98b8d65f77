import { accentedLatinMix } from "./label-rules/accented-latin-mix.ts";
import { characterNotAllowed } from "./label-rules/character-not-allowed.ts";
import { dangerousPattern } from "./label-rules/dangerous-pattern.ts";
import { digitLookAlike } from "./label-rules/digit-look-alike.ts";
import { foreignToTopLevel } from "./label-rules/foreign-to-top-level.ts";
import { joiner } from "./label-rules/joiner.ts";
import { middleDot } from "./label-rules/middle-dot.ts";
import { mixedDigits } from "./label-rules/mixed-digits.ts";
import { repeatedMark } from "./label-rules/repeated-mark.ts";
import { reservedHyphens } from "./label-rules/reserved-hyphens.ts";
import { scriptMix } from "./label-rules/script-mix.ts";
import { wholeScriptLookAlike } from "./label-rules/whole-script-look-alike.ts";
import type { Label, Objection } from "./label.ts";
import type { LabelReason, LabelRule } from "./label-reason.ts";

/**
 * Decides whether a label is shown in Unicode: Chromium's published policy, rule by rule.
 *
 * @see https://chromium.googlesource.com/chromium/src/+/main/docs/idn.md
 */
export function decideLabel(label: Label): LabelReason {
  for (const [rule, objection] of rules) {
    const found = objection(label);
    if (found !== undefined) return { type: "punycode", rule, unicode: label.text, found };
  }
  return { type: "unicode", script: label.scripts?.name ?? "" };
}

const rules: readonly (readonly [LabelRule, Objection])[] = [
  ["joiner", joiner],
  ["reserved-hyphens", reservedHyphens],
  ["character-not-allowed", characterNotAllowed],
  ["script-mix", scriptMix],
  ["mixed-digits", mixedDigits],
  ["repeated-mark", repeatedMark],
  ["foreign-to-top-level", foreignToTopLevel],
  ["middle-dot", middleDot],
  ["whole-script-look-alike", wholeScriptLookAlike],
  ["digit-look-alike", digitLookAlike],
  ["accented-latin-mix", accentedLatinMix],
  ["dangerous-pattern", dangerousPattern],
];
