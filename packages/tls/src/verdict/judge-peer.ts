import { X509Certificate } from "node:crypto";
import { TlsError, type TlsErrorCode } from "@fairlead/core";
import { describeCertificateNames } from "../certificates/certificate-names.ts";
import { certificateMatchesHost } from "../certificates/host.ts";
import { verificationError } from "../certificates/verification-error.ts";
import type { TlsConnectOptions } from "../contract.ts";

/** What a peer showed, and what the library thinks of it. */
export interface PeerEvidence {
  /** As sent, leaf first, DER. */
  readonly chain: readonly Uint8Array[];
  /** The OCSP response that was stapled, DER. */
  readonly staple: Uint8Array | undefined;
  /** The library's own verdict, as OpenSSL names it (`CERT_HAS_EXPIRED`); `undefined` when the chain is good. */
  readonly library: string | undefined;
}

/** Whether the peer is let in, and what speaks against it even then. */
export interface PeerVerdict {
  readonly admitted: boolean;
  readonly objection: TlsError | undefined;
}

/** What the judgement of a server depends on. */
export type JudgeOptions = Pick<TlsConnectOptions, "host" | "trust" | "peer" | "dangerous">;

/** Decides whether a server may be talked to. Rejects for nothing that a peer sends. */
export async function judgePeer(evidence: PeerEvidence, options: JudgeOptions): Promise<PeerVerdict> {
  const objection = findObjection(evidence, options);
  return Promise.resolve({
    admitted: objection === undefined || options.dangerous?.acceptAnyCertificate === true,
    objection,
  });
}

function findObjection({ chain, library }: PeerEvidence, options: JudgeOptions): TlsError | undefined {
  const { host, peer = host } = options;
  const facts = { peer, operation: "secure" };
  const [der] = chain;
  if (der === undefined) return new TlsError("CERTIFICATE_INVALID", { ...facts, detail: "the peer sent none" });
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(der);
  } catch (cause) {
    return new TlsError("CERTIFICATE_INVALID", { ...facts, detail: "it cannot be read", cause });
  }
  const mismatch = library === undefined || hostCodes.has(library) ? judgeHost(leaf, host, peer) : undefined;
  if (mismatch !== undefined || library === undefined) return mismatch;
  // A library that sees another name than we do is believed as well.
  return verificationError(library, leaf, facts) ?? new TlsError("CERTIFICATE_INVALID", { ...facts, detail: library });
}

/** The alert that tells a peer why it is refused. RFC 8446 section 6.2. */
export function refusalAlert(objection: TlsError | undefined): number {
  return alerts.get(objection?.code) ?? badCertificate;
}

const badCertificate = 42;
const alerts: ReadonlyMap<TlsErrorCode | undefined, number> = new Map([
  ["CERTIFICATE_REVOKED", 44],
  ["CERTIFICATE_EXPIRED", 45],
  ["CERTIFICATE_NOT_YET_VALID", 45],
  ["CERTIFICATE_ISSUER_UNKNOWN", 48],
  ["CERTIFICATE_SELF_SIGNED", 48],
  ["CLIENT_CERTIFICATE_REQUIRED", 116],
]);

/** Checks the name alone, which is what is left to check of a session that is resumed. RFC 9525. */
export function judgeHost(leaf: X509Certificate, host: string, peer: string): TlsError | undefined {
  if (certificateMatchesHost(leaf, host)) return undefined;
  return new TlsError("CERTIFICATE_HOST_MISMATCH", {
    peer,
    operation: "secure",
    detail: `${host}: ${describeCertificateNames(leaf)}`,
  });
}

const hostCodes: ReadonlySet<string> = new Set(["HOSTNAME_MISMATCH", "IP_ADDRESS_MISMATCH"]);
