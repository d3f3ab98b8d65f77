import type { X509Certificate } from "node:crypto";
import { TlsError } from "@fairlead/core";
import type { ClientCertificatePolicy } from "../contract.ts";
import { judgeHost } from "./judge-peer.ts";

/** Finds what speaks against a server whose session was resumed: its chain was judged when the session began. */
export function judgeResumedServer(
  leaf: X509Certificate | undefined,
  host: string,
  peer: string,
): TlsError | undefined {
  if (leaf !== undefined) return judgeHost(leaf, host, peer);
  return new TlsError("CERTIFICATE_INVALID", { peer, operation: "secure", detail: "the session was not offered" });
}

/** Finds what speaks against a client whose session was resumed, under the same policy as it was let in under. */
export function judgeResumedClient(
  leaf: X509Certificate | undefined,
  { required }: ClientCertificatePolicy,
  peer: string | undefined,
): TlsError | undefined {
  const facts = { peer, operation: "secure" };
  if (leaf === undefined) return required ? new TlsError("CLIENT_CERTIFICATE_REQUIRED", facts) : undefined;
  if (leaf.validToDate.getTime() > Date.now()) return undefined;
  return new TlsError("CERTIFICATE_EXPIRED", { ...facts, detail: `on ${leaf.validToDate.toISOString()}` });
}
