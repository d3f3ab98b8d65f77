import type { IdentifierStatus } from "../data/identifier-status.ts";
import { decideLabel } from "./decide-label.ts";
import type { Label } from "./label.ts";
import type { LabelReason } from "./label-reason.ts";
import { labelScripts } from "./label-rules/script-mix.ts";

/** Which labels are shown in Unicode, by all the rules and the data that they rest on. */
export interface LabelPolicy {
  /** Decides about one label. @param text in Unicode, as it is decoded. */
  readonly decide: (text: string, topLevel: Label["topLevel"]) => LabelReason;
}

/** Chromium's published policy over the characters that Unicode allows: what `UrlKnowledge` holds of it. */
export function labelPolicy(identifierStatus: IdentifierStatus): LabelPolicy {
  return {
    decide: (text, topLevel) => decideLabel({ text, scripts: labelScripts(text), topLevel, identifierStatus }),
  };
}
