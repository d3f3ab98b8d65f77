import type { SeenCertificate } from "../seen-certificate.ts";

/** How a certificate compares with the one that the host showed before. */
export type SeenComparison = "same-certificate" | "same-key" | "changed" | "changed-from-verified";

/** Compares the leaf with what was seen. That a verified host has another key now is the worst of them. */
export function compareWithSeen(
  leaf: { readonly fingerprints: { readonly sha256: string }; readonly publicKeyPin: string },
  seen: SeenCertificate,
): SeenComparison {
  if (leaf.fingerprints.sha256.toLowerCase() === seen.fingerprint.toLowerCase()) return "same-certificate";
  if (leaf.publicKeyPin === seen.publicKeyPin) return "same-key";
  return seen.wasVerified ? "changed-from-verified" : "changed";
}
