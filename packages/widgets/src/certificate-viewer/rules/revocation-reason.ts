/** Why a certificate was revoked, by its name in RFC 5280 section 5.3.1. */
export type RevocationReason = (typeof reasons)[number];

/** Whether there are words for a reason. */
export function isRevocationReason(text: string): text is RevocationReason {
  return reasons.some((reason) => reason === text);
}

const reasons = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
] as const;
