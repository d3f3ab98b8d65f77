/** Why a label is shown as it is. */
export type LabelReason =
  | { readonly type: "ascii" }
  /** Every rule was asked, and none objected. `script` by its name in English, or the scripts that may be mixed. */
  | { readonly type: "unicode"; readonly script: string }
  | {
      readonly type: "punycode";
      readonly rule: PunycodeRule;
      /** The label in Unicode, which is not to be shown as the name; `undefined` where it cannot be decoded. */
      readonly unicode: string | undefined;
      /** What the rule objects to: characters of the label, a script, or the site that it looks like. */
      readonly found: string;
    };

/** The rule for which a label stays in punycode. Each is described where it is decided. */
export type PunycodeRule = LabelRule | "no-data" | "not-canonical" | "known-site-look-alike";

/** The rules that look at one label, in the order in which they are asked. */
export type LabelRule =
  | "joiner"
  | "reserved-hyphens"
  | "character-not-allowed"
  | "script-mix"
  | "mixed-digits"
  | "repeated-mark"
  | "foreign-to-top-level"
  | "middle-dot"
  | "whole-script-look-alike"
  | "digit-look-alike"
  | "accented-latin-mix"
  | "dangerous-pattern";
