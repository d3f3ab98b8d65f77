import { createHash, type X509Certificate } from "node:crypto";
import { type CertificateProblem, TlsError, type TlsErrorCode } from "@fairlead/core";
import { describeCertificateNames } from "../certificates/certificate-names.ts";
import { certificateMatchesHost } from "../certificates/host.ts";
import { trustFingerprint } from "../certificates/fingerprints.ts";
import { parseCertificate, type PathQuestion, type PathVerdict } from "../certificates/path/verify-path.ts";
import type { Purpose } from "../certificates/path/protocol/extended-key-usage.ts";
import { promisesStaple } from "../certificates/path/protocol/revocation.ts";
import { pinOf } from "../certificates/public-key-pin.ts";
import type { TlsTrust } from "../certificates/trust.ts";
import type { TlsConnectOptions } from "../contract.ts";
import { learnable } from "../intermediates/intermediate-memory.ts";
import { issuerSources } from "../intermediates/issuer-sources.ts";
import { certificateObjection, libraryObjection, problemOf } from "./certificate-objection.ts";
import { findPath } from "./find-path.ts";
import { anchorsOf, profileBelow } from "./trusted-anchors.ts";
import { type TrustedVerdict, verdictKey, type VerdictMemory, verdictMemory } from "./verdict-memory.ts";

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
export type JudgeOptions = Pick<
  TlsConnectOptions,
  "host" | "trust" | "peer" | "dangerous" | "revocation" | "intermediates" | "onCertificateError" | "signal"
>;

/** Judges peers, and remembers for a while whom it trusted. */
export interface PeerJudge {
  /**
   * Decides whether a server may be talked to: when our own path validation and the library agree. The library is
   * overruled only where it did not find an issuer that was found. Rejects for nothing that a peer sends, but with what
   * `onCertificateError` throws.
   */
  judge(evidence: PeerEvidence, options: JudgeOptions): Promise<PeerVerdict>;
}

/** Makes a judge with a memory of its own. */
export function peerJudge({
  now = Date.now,
  memory = verdictMemory(),
}: {
  readonly now?: () => number;
  readonly memory?: VerdictMemory;
} = {}): PeerJudge {
  return {
    async judge(evidence, options) {
      const objection = await findObjection(evidence, options, { now: now(), memory });
      if (objection === undefined) return { admitted: true, objection };
      const admitted =
        options.dangerous?.acceptAnyCertificate === true || (await isExcepted(objection, evidence, options));
      return { admitted, objection };
    },
  };
}

interface JudgeContext {
  readonly now: number;
  readonly memory: VerdictMemory;
}

async function findObjection(
  { chain, staple, library }: PeerEvidence,
  options: JudgeOptions,
  { now, memory }: JudgeContext,
): Promise<TlsError | undefined> {
  const { host, peer = host, trust = { type: "default" }, revocation, intermediates, signal } = options;
  const [leaf, ...sent] = chain;
  const place = { host, peer, leaf };
  if (leaf === undefined) return new TlsError("CERTIFICATE_INVALID", { peer, operation: "secure", detail: noneSent });
  if (trust.type === "pinned" && trust.dangerous?.acceptPinnedKeyAlone === true) {
    return hasPin([leaf], trust.pins) ? undefined : certificateObjection([problemOf("PIN_MISMATCH")], place);
  }

  const key = verdictKey(
    ["server" satisfies Purpose, host, trustFingerprint(trust), String(staple !== undefined)],
    [...(staple === undefined ? [] : [staple]), ...chain],
  );
  const known = revocation === undefined ? memory.find(key, now) : undefined;
  if (known !== undefined) return conclude(known);

  const question: PathQuestion = {
    leaf,
    intermediates: sent,
    anchors: anchorsOf(trust),
    host,
    time: now,
    purpose: "server",
    revocation: { ...revocation, stapled: staple, stapleAsked: true },
    profile: (anchor) => profileBelow(anchor, trust),
    anchorForm: "excused",
    isPublicSuffix: await publicSuffixes(leaf),
  };
  const { verdict } = await findPath(question, issuerSources(intermediates ?? {}, signal ?? neverAborted()));
  const problems = verdict.type === "refused" ? verdict.problems : missingPin(verdict, trust);
  if (problems.length > 0) return certificateObjection(problems, place);
  const trusted = { until: endOf(verdict), intermediates: learnable(verdict.path) };
  if (revocation === undefined && !promisesFreshness(verdict)) memory.keep(key, now, trusted);
  return conclude(trusted);

  function conclude(verdict: TrustedVerdict): TlsError | undefined {
    const objection = libraryVerdict(library, place);
    if (objection === undefined) for (const each of verdict.intermediates) intermediates?.memory?.keep(each);
    return objection;
  }
}

const noneSent = "the peer sent none";

/** What the library says where our own verdict is good. Where it found no issuer, one was found. */
function libraryVerdict(
  library: string | undefined,
  place: Parameters<typeof libraryObjection>[1],
): TlsError | undefined {
  return library === undefined || missingIssuerCodes.has(library) ? undefined : libraryObjection(library, place);
}

/** OpenSSL's, as `node:tls` names them. */
const missingIssuerCodes: ReadonlySet<string> = new Set([
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function missingPin({ path }: PathVerdict, trust: TlsTrust): readonly CertificateProblem[] {
  if (trust.type !== "pinned") return [];
  return path.some(({ publicKeyInfo }) => trust.pins.includes(pinOf(publicKeyInfo))) ? [] : [problemOf("PIN_MISMATCH")];
}

function hasPin(chain: readonly Uint8Array[], pins: readonly string[]): boolean {
  return chain.some((der) => {
    const certificate = parseCertificate(der);
    return certificate !== undefined && pins.includes(pinOf(certificate.publicKeyInfo));
  });
}

/** A staple that must be there is good for its own time only. */
function promisesFreshness({ path: [leaf] }: PathVerdict): boolean {
  return leaf !== undefined && promisesStaple(leaf);
}

function endOf({ path }: PathVerdict): number {
  return Math.min(...path.map(({ notAfter }) => notAfter)) * 1_000 + 999;
}

/** The list is loaded for the first certificate with a wildcard in it. */
async function publicSuffixes(leaf: Uint8Array): Promise<((name: string) => boolean) | undefined> {
  if (!Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).includes("*.")) return undefined;
  const { registrySuffix } = await import("@fairlead/http/site");
  return (name) => registrySuffix(name) === name;
}

async function isExcepted(objection: TlsError, { chain }: PeerEvidence, options: JudgeOptions): Promise<boolean> {
  const { host, peer = host, onCertificateError, signal = neverAborted() } = options;
  const [leaf] = chain;
  if (onCertificateError === undefined || leaf === undefined) return false;
  const fingerprint = createHash("sha256").update(leaf).digest("hex");
  const { problems } = objection;
  const answer = await onCertificateError({ host, peer, error: objection, problems, chain, fingerprint, signal });
  // Whatever else an application without types answers is no yes.
  return answer === "accept";
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
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
