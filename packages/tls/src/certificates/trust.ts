import { X509Certificate } from "node:crypto";
import { escapeControls, UsageError } from "@fairlead/core";
import { requireCertificate } from "./pem.ts";

/** Certificates that a chain may end in. */
export type TlsTrust = TlsAnchors | TlsPins;

/** Whose certificates a chain may end in. */
export type TlsAnchors =
  /** What the runtime trusts: its bundled roots, the system's where Node is told to, and NODE_EXTRA_CA_CERTS. */
  | { readonly type: "default" }
  /** What the operating system trusts. */
  | { readonly type: "system" }
  /** The roots of Mozilla that came with this Node.js. */
  | { readonly type: "bundled" }
  /** These and no others; PEM, one certificate a string. Frozen lists are read once. */
  | { readonly type: "anchors"; readonly certificates: readonly string[] };

/** Besides, a key that must be in the path: the server's own, or that of an authority. RFC 7469 section 2.6. */
export interface TlsPins {
  readonly type: "pinned";
  /** SHA-256 of a SubjectPublicKeyInfo in base64, as `publicKeyPin` gives it. One in the path is enough. */
  readonly pins: readonly string[];
  /** Where the path must end; `default` unless given. */
  readonly within?: TlsAnchors | undefined;
  /** A server that has a pinned key is let in: whoever issued its certificate, for whatever host and time. */
  readonly dangerous?: { readonly acceptPinnedKeyAlone: true } | undefined;
}

/**
 * The anchors as PEM, unread. The lists of Node are its own frozen arrays, replaced whenever they change.
 *
 * @throws UsageError OPTION_INVALID for pins that are none.
 */
export function trustedCertificates(trust: TlsTrust): readonly string[] {
  switch (trust.type) {
    case "default":
    case "system":
    case "bundled":
      return process.getBuiltinModule("node:tls").getCACertificates(trust.type);
    case "anchors":
      return trust.certificates;
    case "pinned":
      requirePins(trust.pins);
      return trustedCertificates(anchorsWithin(trust));
  }
}

/**
 * The anchors as PEM, each readable: a list with a hole in it is not what the caller asked for.
 *
 * @throws UsageError OPTION_INVALID, also for pins that are none.
 */
export function checkedAnchors(trust: TlsTrust): readonly string[] {
  const certificates = trustedCertificates(trust);
  if (anchorsWithin(trust).type !== "anchors" || readable.has(certificates)) return certificates;
  certificates.forEach(requireCertificate);
  if (Object.isFrozen(certificates)) readable.add(certificates);
  return certificates;
}

/** Frozen lists whose certificates were all read once. */
const readable = new WeakSet<readonly string[]>();

/** Where a path must end, pins or not. */
export function anchorsWithin(trust: TlsTrust): TlsAnchors {
  return trust.type === "pinned" ? (trust.within ?? { type: "default" }) : trust;
}

/**
 * Says in one line what is trusted, for people: `the 121 roots bundled with Node.js 24.21.0`. Loads the lists of the
 * system where they are meant (some ms).
 */
export function describeTrust(trust: TlsTrust = { type: "default" }): string {
  switch (trust.type) {
    case "default":
      return `the ${count(trustedCertificates(trust).length, "certificate")} that Node.js trusts by default`;
    case "system":
      return `the ${count(trustedCertificates(trust).length, "certificate")} that the operating system trusts`;
    case "bundled":
      return `the ${count(trustedCertificates(trust).length, "root")} bundled with Node.js ${process.versions.node}`;
    case "anchors":
      return describeAnchors(trust.certificates);
    case "pinned": {
      const pins = count(trust.pins.length, "pinned key");
      if (trust.dangerous?.acceptPinnedKeyAlone === true) return `${pins} alone, whoever certifies them`;
      return `${pins}, within ${describeTrust(anchorsWithin(trust))}`;
    }
  }
}

const maxNames = 3;

function describeAnchors(certificates: readonly string[]): string {
  if (certificates.length === 0) return "no certificate";
  const names = certificates.slice(0, maxNames).map(subjectOf);
  const more = certificates.length > maxNames ? ` and ${String(certificates.length - maxNames)} more` : "";
  return `the ${count(certificates.length, "own certificate")} ${names.join("; ")}${more}`;
}

function subjectOf(pem: string): string {
  try {
    return escapeControls(new X509Certificate(pem).subject.replaceAll("\n", ", ")) || "without a name";
  } catch {
    return "that cannot be read";
  }
}

function count(number: number, thing: string): string {
  return `${String(number)} ${thing}${number === 1 ? "" : "s"}`;
}

function requirePins(pins: readonly string[]): void {
  // No pins at all would be met by nothing; a typing error would as well, and go unnoticed beside a good one.
  if (pins.length > 0 && pins.every((pin) => /^[A-Za-z0-9+/]{43}=$/.test(pin))) return;
  throw new UsageError("OPTION_INVALID", {
    detail: "trust.pins",
    remedy: "give SHA-256 hashes of public keys in base64, 44 characters each, as publicKeyPin does",
  });
}
