import type { OfferedCapabilities } from "./offered-tls.ts";
import type { ChosenAnchors, TlsChoice } from "./tls-choice.ts";

/** What a choice does without, or risks. Each has a sentence in the catalogue that says what is lost. */
export const weaknessCodes = [
  "any-certificate",
  "pinned-key-alone",
  "keys-logged",
  "cbc",
  "no-forward-secrecy",
  "tls-1.2",
  "no-tls-1.3",
  "quantum-never",
  "quantum-later",
  "quantum-optional",
  "small-group",
  "short-tag",
  "early-data",
  "identity-shown",
  "issuers-fetched",
  "trusts",
  "unpinned",
] as const;

/** One of them. */
export type TlsWeaknessCode = (typeof weaknessCodes)[number];

/** One thing that a choice does without, or risks. */
export interface TlsWeakness {
  readonly code: TlsWeaknessCode;
  /**
   * Who is trusted (`default`, `system`, `bundled`, or the fingerprint of an authority), which pinned key, or as which identity
   * servers see the client; empty where it is about whoever there is.
   */
  readonly subject: string;
}

/** Those that every ordinary choice has: they are named when they are new, and not shown as a warning afterwards. */
export const ordinaryWeaknesses: ReadonlySet<TlsWeaknessCode> = new Set([
  "tls-1.2",
  "no-forward-secrecy",
  "cbc",
  "quantum-never",
  "quantum-later",
  "quantum-optional",
  "small-group",
  "trusts",
  "unpinned",
]);

/**
 * Lists what a choice does without, or risks; the gravest first. One choice is weaker than another where it has one that the
 * other has not: so nothing is weakened by being traded for something else.
 *
 * @see RFC 9325 sections 3 and 4; RFC 8446 sections 2.3 and E.5
 */
export function weaknessesOf(choice: TlsChoice, capabilities: OfferedCapabilities): readonly TlsWeakness[] {
  return weaknessCodes.flatMap((code) => subjectsOf(code, choice, capabilities).map((subject) => ({ code, subject })));
}

/** Those of `after` that `before` has not: what is lost by the change. */
export function newWeaknesses(before: readonly TlsWeakness[], after: readonly TlsWeakness[]): readonly TlsWeakness[] {
  return after.filter(
    ({ code, subject }) =>
      !before.some((each) => each.code === code && (each.subject === subject || each.subject === "")),
  );
}

/** What a weakness is about: one empty text where it is about the choice as a whole, none where the choice is free of it. */
function subjectsOf(code: TlsWeaknessCode, choice: TlsChoice, capabilities: OfferedCapabilities): readonly string[] {
  const { minVersion, maxVersion, ciphers, dangerous, identity } = choice;
  const groups = choice.groups ?? capabilities.groups;
  switch (code) {
    case "any-certificate":
      return once(dangerous.acceptAnyCertificate);
    case "pinned-key-alone":
      return once(dangerous.acceptPinnedKeyAlone);
    case "keys-logged":
      return once(dangerous.logKeys);
    // The suites that libraries offer by themselves for TLS 1.2 hold both; of those that can be named none does.
    case "cbc":
    case "no-forward-secrecy":
      return once(minVersion === "TLSv1.2" && ciphers === null);
    case "tls-1.2":
      return once(minVersion === "TLSv1.2");
    case "no-tls-1.3":
      return once(maxVersion === "TLSv1.2");
    case "quantum-never":
      return once(maxVersion === "TLSv1.2" || !groups.some(isHybrid));
    // Servers mostly take the group whose share comes first.
    case "quantum-later":
      return once(maxVersion === "TLSv1.2" || !isHybrid(groups[0] ?? ""));
    case "quantum-optional":
      return once(minVersion === "TLSv1.2" || !groups.every(isHybrid));
    case "small-group":
      return once(groups.includes("ffdhe2048"));
    case "short-tag":
      return once(ciphers?.includes("AES_128_CCM_8") === true);
    case "early-data":
      return once(choice.earlyData);
    case "identity-shown":
      return identity.type === "one" ? [identity.fingerprint] : [];
    case "issuers-fetched":
      return once(choice.fetchIntermediates);
    case "trusts":
      return trusted(choice.anchors);
    case "unpinned":
      // Another key that may be in the path is as new as none at all.
      return choice.pins.length === 0 ? [""] : choice.pins;
  }
}

/** Whether its secrets stay secret before a computer that does not exist yet. FIPS 203. */
export function isHybrid(group: string): boolean {
  return group.includes("MLKEM");
}

/** What Node.js trusts by default is its bundled list, and what was added to it. */
function trusted(anchors: ChosenAnchors): readonly string[] {
  switch (anchors.type) {
    case "default":
      return ["bundled", "default"];
    case "bundled":
    case "system":
      return [anchors.type];
    case "own":
      return anchors.fingerprints;
  }
}

function once(isSo: boolean): readonly string[] {
  return isSo ? [""] : [];
}
