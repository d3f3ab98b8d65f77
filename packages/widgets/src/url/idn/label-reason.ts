/** Why a label is shown as it is: what was found, in the order in which the rules are asked. */
export type LabelReason =
  | { readonly type: "ascii" }
  | { readonly type: "unicode" }
  | { readonly type: "punycode"; readonly rule: PunycodeRule; readonly characters?: string };

/** The rule for which a label stays in punycode. */
export type PunycodeRule = "no-data";
