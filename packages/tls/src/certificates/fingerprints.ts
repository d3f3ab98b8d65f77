import { createHash } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "../contract.ts";
import { decodePem } from "./pem.ts";
import { anchorsWithin, type TlsTrust, trustedCertificates } from "./trust.ts";

/**
 * Hashes the anchors that `trust` means: SHA-256 over their sorted SHA-256 hashes, in hexadecimal. Equal for the same
 * certificates in another order or armour. Pins, and whether they are enough, make another; so do anchors of one's own,
 * below which the rules of the web do not hold.
 *
 * The default trust is loaded when it is first asked for (some ms). A frozen list is hashed once; any other each time
 * (about 1 ms for 100 anchors), because it may have changed.
 *
 * @throws UsageError OPTION_INVALID for an anchor that holds no certificate.
 */
export function trustFingerprint(trust: TlsTrust = { type: "default" }): string {
  const certificates = trustedCertificates(trust);
  const isOwn = anchorsWithin(trust).type === "anchors";
  const anchors = isOwn ? hash([own, Buffer.from(anchorsFingerprint(certificates))]) : anchorsFingerprint(certificates);
  if (trust.type !== "pinned") return anchors;
  const alone = trust.dangerous?.acceptPinnedKeyAlone === true;
  return hash([Buffer.from(JSON.stringify(["pinned", alone, [...new Set(trust.pins)].sort(), anchors]))]);
}

const own = Buffer.from("own ");

function anchorsFingerprint(certificates: readonly string[]): string {
  const known = fingerprints.get(certificates);
  if (known !== undefined) return known;
  const fingerprint = hashSorted(certificates.flatMap(decodeAnchor));
  if (Object.isFrozen(certificates)) fingerprints.set(certificates, fingerprint);
  return fingerprint;
}

/**
 * Hashes the public certificate of a client identity, leaf and intermediates. The private key takes no part.
 *
 * @throws UsageError OPTION_INVALID when there is no certificate in it.
 */
export function identityFingerprint(identity: TlsIdentity): string {
  const chain = decodePem(identity.certificate, "CERTIFICATE");
  if (chain.length === 0)
    throw new UsageError("OPTION_INVALID", { detail: "identity.certificate holds no PEM certificate" });
  return hash(chain);
}

/** Memo of what frozen arrays hash to; forgotten with the array. */
const fingerprints = new WeakMap<readonly string[], string>();

function decodeAnchor(pem: string, index: number): readonly Uint8Array[] {
  const found = decodePem(pem, "CERTIFICATE");
  if (found.length > 0) return found;
  throw new UsageError("OPTION_INVALID", { detail: `trust.certificates[${String(index)}] holds no PEM certificate` });
}

function hashSorted(parts: readonly Uint8Array[]): string {
  return hash([...new Set(parts.map((part) => hash([part])))].sort().map((text) => Buffer.from(text, "hex")));
}

function hash(parts: readonly Uint8Array[]): string {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part);
  return sha256.digest("hex");
}
