import { X509Certificate } from "node:crypto";
import { TlsError } from "@fairlead/core";
import { verificationError } from "../certificates/verification-error.ts";
import type { ClientCertificatePolicy } from "../contract.ts";
import type { PeerEvidence, PeerVerdict } from "./judge-peer.ts";

/**
 * Decides whether a client may talk to a server. One without a certificate is let in where none is required, and is then
 * nobody. Rejects for nothing that a peer sends.
 */
export async function judgeClient(
  evidence: PeerEvidence,
  policy: ClientCertificatePolicy,
  peer: string | undefined,
): Promise<PeerVerdict> {
  const objection = findObjection(evidence, policy, peer);
  return Promise.resolve({ admitted: objection === undefined, objection });
}

function findObjection(
  { chain: [der], library }: PeerEvidence,
  { required }: ClientCertificatePolicy,
  peer: string | undefined,
): TlsError | undefined {
  const facts = { peer, operation: "secure" };
  if (der === undefined) {
    if (!required) return undefined;
    return new TlsError("CLIENT_CERTIFICATE_REQUIRED", { ...facts, remedy: "have the client send its certificate" });
  }
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(der);
  } catch (cause) {
    return new TlsError("CERTIFICATE_INVALID", { ...facts, detail: "it cannot be read", cause });
  }
  if (library === undefined) return undefined;
  return verificationError(library, leaf, facts) ?? new TlsError("CERTIFICATE_INVALID", { ...facts, detail: library });
}
