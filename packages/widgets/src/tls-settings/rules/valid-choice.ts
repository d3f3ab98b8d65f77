import { availableBackend, type OfferedTls } from "./offered-tls.ts";
import type { ChosenGroup, TlsChoice } from "./tls-choice.ts";

/** Why a choice cannot be carried out here. */
export type TlsChoiceProblem =
  | "backend-missing"
  | "version-missing"
  | "versions-crossed"
  | "group-missing"
  | "groups-empty"
  | "groups-unusable"
  | "cipher-missing"
  | "ciphers-empty"
  | "authority-missing"
  | "authorities-empty"
  | "pin-malformed"
  | "pins-missing"
  | "identity-missing"
  | "identity-not-asked"
  | "early-data-missing"
  | "key-log-missing";

/** Lists why a choice cannot be carried out with what is offered; empty for one that can. */
export function problemsOf(choice: TlsChoice, offered: OfferedTls): readonly TlsChoiceProblem[] {
  const backend = availableBackend(offered, choice.backend);
  if (backend === undefined) return ["backend-missing"];
  const { capabilities } = backend;
  const { minVersion, maxVersion, groups, ciphers, anchors, pins, identity, dangerous } = choice;
  const found: Readonly<Record<Exclude<TlsChoiceProblem, "backend-missing">, boolean>> = {
    "version-missing": !capabilities.versions.includes(minVersion) || !capabilities.versions.includes(maxVersion),
    "versions-crossed": minVersion > maxVersion,
    "group-missing": !isListOf(groups, capabilities.groups),
    "groups-empty": groups?.length === 0,
    "groups-unusable": minVersion === "TLSv1.2" && groups !== null && groups.length > 0 && !groups.some(isForTls12),
    "cipher-missing": !isListOf(ciphers, capabilities.ciphers),
    "ciphers-empty": ciphers?.length === 0,
    "authority-missing": anchors.type === "own" && !isListOf(anchors.fingerprints, fingerprintsOf(offered.authorities)),
    "authorities-empty": anchors.type === "own" && anchors.fingerprints.length === 0,
    "pin-malformed": !pins.every(isPin) || new Set(pins).size !== pins.length,
    "pins-missing": dangerous.acceptPinnedKeyAlone && pins.length === 0,
    "identity-missing": identity.type === "one" && !fingerprintsOf(offered.identities).includes(identity.fingerprint),
    "identity-not-asked": identity.type === "ask" && !backend.canAskForIdentity,
    "early-data-missing": choice.earlyData && (!capabilities.earlyData || maxVersion === "TLSv1.2"),
    "key-log-missing": dangerous.logKeys && !capabilities.keyLog,
  };
  // The keys are those of the type.
  return (Object.keys(found) as (keyof typeof found)[]).filter((problem) => found[problem]);
}

/** Whether it is SHA-256 in base64, as `publicKeyPin` of @fairlead/tls writes it. RFC 7469 section 2.4. */
export function isPin(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}

/**
 * Whether TLS 1.2 can use it beside the suites that are offered: those for elliptic curves. Hybrids are of TLS 1.3 alone.
 *
 * @see RFC 8422 section 5.1.1
 */
export function isForTls12(group: ChosenGroup): boolean {
  return group.startsWith("x") || group.startsWith("secp");
}

/** Whether each is there, once. */
function isListOf(chosen: readonly string[] | null, offered: readonly string[]): boolean {
  if (chosen === null) return true;
  return new Set(chosen).size === chosen.length && chosen.every((each) => offered.includes(each));
}

function fingerprintsOf(certificates: OfferedTls["identities"]): readonly string[] {
  return certificates.map(({ fingerprint }) => fingerprint);
}
