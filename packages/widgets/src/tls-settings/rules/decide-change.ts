import { availableBackend, type OfferedTls } from "./offered-tls.ts";
import { presetOf } from "./presets.ts";
import { settle, type TlsConsequence } from "./settle.ts";
import type { TlsChange } from "./tls-change.ts";
import type { TlsChoice } from "./tls-choice.ts";
import { problemsOf, type TlsChoiceProblem } from "./valid-choice.ts";
import { newWeaknesses, type TlsWeakness, weaknessesOf } from "./weaknesses.ts";

/** What becomes of a change. */
export type TlsDecision =
  /** It loses nothing. */
  | { readonly type: "made"; readonly choice: TlsChoice; readonly consequences: readonly TlsConsequence[] }
  /** It is made when a person has said yes to what it loses, or to what falls away by it. */
  | {
      readonly type: "ask";
      readonly choice: TlsChoice;
      readonly lost: readonly TlsWeakness[];
      readonly consequences: readonly TlsConsequence[];
    }
  /** It leads to nothing that could be carried out. */
  | { readonly type: "refused"; readonly problems: readonly TlsChoiceProblem[] };

/**
 * Decides on one change of a valid choice. Whatever is made is valid; whatever is weaker in any respect, or takes away what a
 * person had chosen, is asked about before.
 */
export function decideChange(choice: TlsChoice, change: TlsChange, offered: OfferedTls): TlsDecision {
  const { choice: next, consequences } = settle(changed(choice, change, offered), change.type, offered);
  const problems = problemsOf(next, offered);
  const after = availableBackend(offered, next.backend);
  if (problems.length > 0 || after === undefined) return { type: "refused", problems };
  const before = availableBackend(offered, choice.backend);
  const weaknesses = weaknessesOf(next, after.capabilities);
  // Where the choice before could not be carried out, nobody knows what there was to lose.
  const lost = newWeaknesses(before === undefined ? [] : weaknessesOf(choice, before.capabilities), weaknesses);
  if (lost.length === 0 && consequences.every(({ fallsAway }) => fallsAway.length === 0)) {
    return { type: "made", choice: next, consequences };
  }
  return { type: "ask", choice: next, lost, consequences };
}

/** The choice with the change alone, valid or not. */
function changed(choice: TlsChoice, change: TlsChange, offered: OfferedTls): TlsChoice {
  switch (change.type) {
    case "preset": {
      const backend = availableBackend(offered, choice.backend);
      if (backend === undefined) return choice;
      const dangerous = { acceptAnyCertificate: false, acceptPinnedKeyAlone: false, logKeys: false };
      return { ...choice, ...presetOf(change.preset, backend), dangerous };
    }
    case "backend":
      return { ...choice, backend: change.name };
    case "min-version":
      return { ...choice, minVersion: change.version };
    case "max-version":
      return { ...choice, maxVersion: change.version };
    case "groups":
      return { ...choice, groups: change.groups };
    case "ciphers":
      return { ...choice, ciphers: change.ciphers };
    case "anchors":
      return { ...choice, anchors: change.anchors };
    case "pins":
      return { ...choice, pins: change.pins };
    case "identity":
      return { ...choice, identity: change.identity };
    case "remember-intermediates":
      return { ...choice, rememberIntermediates: change.isOn };
    case "fetch-intermediates":
      return { ...choice, fetchIntermediates: change.isOn };
    case "early-data":
      return { ...choice, earlyData: change.isOn };
    case "accept-any-certificate":
      return { ...choice, dangerous: { ...choice.dangerous, acceptAnyCertificate: change.isOn } };
    case "accept-pinned-key-alone":
      return { ...choice, dangerous: { ...choice.dangerous, acceptPinnedKeyAlone: change.isOn } };
    case "log-keys":
      return { ...choice, dangerous: { ...choice.dangerous, logKeys: change.isOn } };
  }
}
