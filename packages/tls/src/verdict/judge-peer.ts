import { createHash, type X509Certificate } from "node:crypto";
import { TlsError, type TlsErrorCode } from "@fairlead/core";
import { describeCertificateNames } from "../certificates/certificate-names.ts";
import { certificateMatchesHost } from "../certificates/host.ts";
import type { ClientCertificatePolicy, TlsConnectOptions } from "../contract.ts";
import type { CertificateQuestion } from "./certificate-question.ts";
import { type ChainVerdict, judgeChain } from "./judge-chain.ts";
import type { StapleVerdict } from "./staple-verdict.ts";
import { type VerdictMemory, verdictMemory } from "./verdict-memory.ts";

/** What a peer showed, and what the library thinks of it. */
export interface PeerEvidence {
  /** As sent, leaf first, DER. */
  readonly chain: readonly Uint8Array[];
  /**
   * Where `chain` may lack some of what was sent: gives all that was sent behind the leaf, or `undefined` when that cannot
   * be had. Asked where the library finds a path and we do not.
   */
  readonly withheld?: (() => readonly Uint8Array[] | undefined) | undefined;
  /** The OCSP response that was stapled, DER; `undefined` when the peer was asked for one and sent none. */
  readonly staple: Uint8Array | undefined | "not-asked";
  /** The library's own verdict, as OpenSSL names it (`CERT_HAS_EXPIRED`); `undefined` when the chain is good. */
  readonly library: string | undefined;
}

/** Whether the peer is let in, and what speaks against it even then. */
export interface PeerVerdict {
  readonly admitted: boolean;
  readonly objection: TlsError | undefined;
  /** What a server's stapled response says; `undefined` where nobody judged one. */
  readonly staple?: StapleVerdict | undefined;
}

/** What the judgement of a server depends on. */
export type ServerTerms = Pick<
  TlsConnectOptions,
  "host" | "trust" | "peer" | "dangerous" | "revocation" | "intermediates" | "onCertificateError" | "signal"
>;

/** Judges peers, and remembers for a while whom it trusted. Rejects for nothing that a peer sends. */
export interface PeerJudge {
  /** Decides whether a client may talk to this server; rejects with what `onCertificateError` throws. */
  judgeServer(evidence: PeerEvidence, terms: ServerTerms): Promise<PeerVerdict>;
  /**
   * Decides whether a server may talk to this client. One without a certificate is let in where none is required, and is
   * then nobody.
   */
  judgeClient(evidence: PeerEvidence, policy: ClientCertificatePolicy, peer: string | undefined): Promise<PeerVerdict>;
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
    async judgeServer(evidence, terms) {
      const { host, peer = host, trust = { type: "default" } } = terms;
      const { withheld, staple: shown, library } = evidence;
      const [leaf, ...sent] = evidence.chain;
      const { objection, staple }: ChainVerdict =
        leaf === undefined
          ? {
              objection: new TlsError("CERTIFICATE_INVALID", {
                peer,
                operation: "secure",
                detail: "the peer sent none",
              }),
              staple: undefined,
            }
          : await judgeChain(
              { leaf, sent, withheld, staple: shown, library },
              { ...terms, host, peer, trust, purpose: "server" },
              { now: now(), memory },
            );
      if (objection === undefined) return { admitted: true, objection, staple };
      const admitted =
        terms.dangerous?.acceptAnyCertificate === true || (await isExcepted(objection, staple, evidence, terms));
      return { admitted, objection, staple };
    },
    async judgeClient({ chain: [leaf, ...sent], withheld, library }, { required, trust }, peer) {
      if (leaf === undefined) {
        const remedy = "have the client send its certificate";
        const missing = new TlsError("CLIENT_CERTIFICATE_REQUIRED", { peer, operation: "secure", remedy });
        return { admitted: !required, objection: required ? missing : undefined };
      }
      const { objection } = await judgeChain(
        { leaf, sent, withheld, staple: "not-asked", library },
        { host: undefined, peer, trust, purpose: "client" },
        { now: now(), memory },
      );
      return { admitted: objection === undefined, objection };
    },
  };
}

async function isExcepted(
  objection: TlsError,
  staple: StapleVerdict | undefined,
  { chain }: PeerEvidence,
  terms: ServerTerms,
): Promise<boolean> {
  const { host, peer = host, onCertificateError, signal = new AbortController().signal } = terms;
  const [leaf] = chain;
  if (onCertificateError === undefined || leaf === undefined) return false;
  const fingerprint = createHash("sha256").update(leaf).digest("hex");
  const { problems } = objection;
  const question: CertificateQuestion = { host, peer, error: objection, problems, chain, staple, fingerprint, signal };
  const answer = await onCertificateError(question);
  // Whatever else an application without types answers is no yes.
  return answer === "accept";
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
