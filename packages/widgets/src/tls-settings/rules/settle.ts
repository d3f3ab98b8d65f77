import { availableBackend, type AvailableBackend, type OfferedTls } from "./offered-tls.ts";
import type { TlsChange } from "./tls-change.ts";
import type { ChosenVersion, TlsChoice } from "./tls-choice.ts";
import { isForTls12 } from "./valid-choice.ts";

/** A part of the choice that had to follow a change. */
export interface TlsConsequence {
  readonly part:
    | "minVersion"
    | "maxVersion"
    | "groups"
    | "ciphers"
    | "identity"
    | "earlyData"
    | "pinnedKeyAlone"
    | "logKeys";
  /** What had been chosen there and can be had no longer, by name; empty where nothing of it is lost. */
  readonly fallsAway: readonly string[];
}

/** A choice, and what of it had to follow. */
export interface SettledChoice {
  readonly choice: TlsChoice;
  readonly consequences: readonly TlsConsequence[];
}

/**
 * Has the other parts of a choice follow the one that was changed: what the backend lacks falls away, the other end of the
 * versions comes along. What only the person can mend (a malformed pin, no authority at all) stays as it is.
 */
export function settle(choice: TlsChoice, changed: TlsChange["type"], offered: OfferedTls): SettledChoice {
  const backend = availableBackend(offered, choice.backend);
  if (backend === undefined) return { choice, consequences: [] };
  return steps.reduce<SettledChoice>(
    (settled, step) => {
      const next = step(settled.choice, changed, backend);
      if (next === undefined) return settled;
      return { choice: next.choice, consequences: [...settled.consequences, next.consequence] };
    },
    { choice, consequences: [] },
  );
}

type Step = (
  choice: TlsChoice,
  changed: TlsChange["type"],
  backend: AvailableBackend,
) => { readonly choice: TlsChoice; readonly consequence: TlsConsequence } | undefined;

/** In this order: versions first, since others depend on them. */
const steps: readonly Step[] = [
  (choice, changed, { capabilities }) => settleList("groups", choice, changed, capabilities.groups),
  (choice, changed, { capabilities }) => settleList("ciphers", choice, changed, capabilities.ciphers),
  (choice, changed, { capabilities }) => settleVersion("minVersion", choice, changed, capabilities.versions),
  (choice, changed, { capabilities }) => settleVersion("maxVersion", choice, changed, capabilities.versions),
  (choice, changed) => {
    if (choice.minVersion <= choice.maxVersion) return undefined;
    // The end that was not meant comes along.
    return changed === "max-version"
      ? { choice: { ...choice, minVersion: choice.maxVersion }, consequence: { part: "minVersion", fallsAway: [] } }
      : { choice: { ...choice, maxVersion: choice.minVersion }, consequence: { part: "maxVersion", fallsAway: [] } };
  },
  (choice, changed) => {
    const { groups, minVersion, maxVersion } = choice;
    if (minVersion !== "TLSv1.2" || groups === null || groups.length === 0 || groups.some(isForTls12)) return undefined;
    // Who chooses groups of TLS 1.3 alone chooses TLS 1.3; who chooses TLS 1.2 gives such groups up.
    return changed === "groups" && maxVersion === "TLSv1.3"
      ? { choice: { ...choice, minVersion: "TLSv1.3" }, consequence: { part: "minVersion", fallsAway: [] } }
      : { choice: { ...choice, groups: null }, consequence: { part: "groups", fallsAway: groups } };
  },
  (choice, changed, { capabilities }) => {
    if (!choice.earlyData || changed === "early-data") return undefined;
    if (capabilities.earlyData && choice.maxVersion === "TLSv1.3") return undefined;
    return { choice: { ...choice, earlyData: false }, consequence: { part: "earlyData", fallsAway: ["early data"] } };
  },
  (choice, changed, { canAskForIdentity }) => {
    if (choice.identity.type !== "ask" || canAskForIdentity || changed === "identity") return undefined;
    return {
      choice: { ...choice, identity: { type: "none" } },
      consequence: { part: "identity", fallsAway: ["ask"] },
    };
  },
  (choice) => {
    if (!choice.dangerous.acceptPinnedKeyAlone || choice.pins.length > 0) return undefined;
    const dangerous = { ...choice.dangerous, acceptPinnedKeyAlone: false };
    return { choice: { ...choice, dangerous }, consequence: { part: "pinnedKeyAlone", fallsAway: [] } };
  },
  (choice, changed, { capabilities }) => {
    if (!choice.dangerous.logKeys || capabilities.keyLog || changed === "log-keys") return undefined;
    const dangerous = { ...choice.dangerous, logKeys: false };
    return { choice: { ...choice, dangerous }, consequence: { part: "logKeys", fallsAway: [] } };
  },
];

/** What the backend lacks falls away; the library chooses where nothing is left. */
function settleList(
  part: "groups" | "ciphers",
  choice: TlsChoice,
  changed: TlsChange["type"],
  offered: readonly string[],
): ReturnType<Step> {
  const chosen: readonly string[] | null = choice[part];
  // What was just asked for is refused, not left out.
  if (chosen === null || changed === part) return undefined;
  const fallsAway = chosen.filter((each) => !offered.includes(each));
  if (fallsAway.length === 0) return undefined;
  const left = chosen.filter((each) => offered.includes(each));
  return { choice: { ...choice, [part]: left.length === 0 ? null : left }, consequence: { part, fallsAway } };
}

function settleVersion(
  part: "minVersion" | "maxVersion",
  choice: TlsChoice,
  changed: TlsChange["type"],
  offered: readonly ChosenVersion[],
): ReturnType<Step> {
  const [other] = offered;
  if (changed === "min-version" || changed === "max-version" || other === undefined || offered.includes(choice[part])) {
    return undefined;
  }
  return { choice: { ...choice, [part]: other }, consequence: { part, fallsAway: [choice[part]] } };
}
