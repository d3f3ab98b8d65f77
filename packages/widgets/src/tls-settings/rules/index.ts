/** TLS settings as plain data: what is valid, and what a change would lose. Usable without a browser. */
export {
  availableBackend,
  type AvailableBackend,
  type OfferedBackend,
  type OfferedCapabilities,
  type OfferedCertificate,
  type OfferedTls,
} from "./offered-tls.ts";
export {
  cipherNames,
  groupNames,
  type ChosenAnchors,
  type ChosenCipher,
  type ChosenGroup,
  type ChosenIdentity,
  type ChosenVersion,
  type TlsChoice,
} from "./tls-choice.ts";
export { decideChange, type TlsDecision } from "./decide-change.ts";
export type { TlsChange } from "./tls-change.ts";
export { defaultChoice, presetNameOf, presetOf, type TlsPreset } from "./presets.ts";
export { settle, type SettledChoice, type TlsConsequence } from "./settle.ts";
export { isPin, problemsOf, type TlsChoiceProblem } from "./valid-choice.ts";
export {
  newWeaknesses,
  ordinaryWeaknesses,
  type TlsWeakness,
  type TlsWeaknessCode,
  weaknessCodes,
  weaknessesOf,
} from "./weaknesses.ts";
