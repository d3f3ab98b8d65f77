import { anchorSet } from "../certificates/path/anchor-set.ts";
import type { Certificate } from "../certificates/path/protocol/certificate.ts";
import type { Anchors } from "../certificates/path/protocol/path-builder.ts";
import type { PathProfile } from "../certificates/path/protocol/path-validation.ts";
import { decodePem } from "../certificates/pem.ts";
import { anchorsWithin, type TlsTrust, trustedCertificates } from "../certificates/trust.ts";

/** The anchors of a trust, found by name. Those of a frozen list are kept with it. */
export function anchorsOf(trust: TlsTrust): Anchors {
  return anchorsIn(trustedCertificates(trust));
}

/**
 * Which rules hold below an anchor: issuers whose roots browsers trust have promised the Baseline Requirements, an
 * authority of one's own has not, wherever it was put.
 */
export function profileBelow(anchor: Certificate, trust: TlsTrust): PathProfile {
  if (anchorsWithin(trust).type === "anchors") return "path";
  const public_ = anchorsIn(process.getBuiltinModule("node:tls").getCACertificates("bundled")).named(anchor.subject);
  return public_.some(({ der }) => Buffer.from(der).equals(anchor.der)) ? "web" : "path";
}

/** Certificates found by their subject; of a frozen list they are read once. */
export function anchorsIn(certificates: readonly string[]): Anchors {
  const known = sets.get(certificates);
  if (known !== undefined) return known;
  const set = anchorSet(certificates.flatMap((pem) => decodePem(pem, "CERTIFICATE")));
  if (Object.isFrozen(certificates)) sets.set(certificates, set);
  return set;
}

/** Memo of what frozen lists hold; forgotten with the list. */
const sets = new WeakMap<readonly string[], Anchors>();
