import type { TlsPreset } from "../rules/presets.ts";
import type { TlsConsequence } from "../rules/settle.ts";
import type { ChosenAnchors } from "../rules/tls-choice.ts";
import type { TlsChoiceProblem } from "../rules/valid-choice.ts";
import type { TlsWeaknessCode } from "../rules/weaknesses.ts";

/** What the TLS settings say. Text with values in it is a function, since languages order them differently. */
export interface TlsSettingsMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  readonly preset: string;
  readonly presets: Readonly<Record<TlsPreset | "custom", string>>;
  readonly presetHints: Readonly<Record<TlsPreset | "custom", string>>;
  readonly backend: string;
  readonly unavailable: string;
  readonly versions: string;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly groups: string;
  readonly ciphers: string;
  readonly byLibrary: string;
  readonly resistsQuantum: string;
  readonly trust: string;
  readonly anchors: Readonly<Record<ChosenAnchors["type"], string>>;
  readonly noAuthorities: string;
  readonly pins: string;
  readonly pinsHint: string;
  readonly identity: string;
  readonly identities: Readonly<Record<"ask" | "none", string>>;
  readonly behaviour: string;
  readonly rememberIntermediates: string;
  readonly fetchIntermediates: string;
  readonly earlyData: string;
  readonly dangerous: string;
  readonly acceptAnyCertificate: string;
  readonly acceptPinnedKeyAlone: string;
  readonly logKeys: string;
  /** What is lost, or risked, in a sentence. */
  readonly weaknesses: Readonly<Record<TlsWeaknessCode, string>>;
  readonly problems: Readonly<Record<TlsChoiceProblem, string>>;
  readonly parts: Readonly<Record<TlsConsequence["part"], string>>;
  /** Stands over what a choice risks while it lasts. */
  readonly standing: string;
  readonly cannotBe: string;
  /** Stands before the names of what else has changed. */
  readonly alsoChanged: string;
  readonly askTitle: string;
  readonly askLost: string;
  readonly askFallsAway: string;
  readonly keep: string;
  readonly change: string;
}
