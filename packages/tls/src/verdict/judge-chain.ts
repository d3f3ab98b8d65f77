import type { CertificateProblem, TlsError } from "@fairlead/core";
import { trustFingerprint } from "../certificates/fingerprints.ts";
import type { Purpose } from "../certificates/path/protocol/extended-key-usage.ts";
import { promisesStaple } from "../certificates/path/protocol/revocation.ts";
import { parseCertificate, type PathQuestion, type PathVerdict } from "../certificates/path/verify-path.ts";
import { pinOf } from "../certificates/public-key-pin.ts";
import type { TlsTrust } from "../certificates/trust.ts";
import type { TlsRevocation } from "../contract.ts";
import { learnable } from "../intermediates/intermediate-memory.ts";
import { issuerSources, type IssuerSourceName, type TlsIntermediates } from "../intermediates/issuer-sources.ts";
import { certificateObjection, libraryObjection, type ObjectionPlace, problemOf } from "./certificate-objection.ts";
import { findPath } from "./find-path.ts";
import { anchorsOf, profileBelow } from "./trusted-anchors.ts";
import { type StapleVerdict, stapleVerdict } from "./staple-verdict.ts";
import { type TrustedVerdict, verdictKey, type VerdictMemory } from "./verdict-memory.ts";

/** A chain that somebody showed, and what the library thinks of it. */
export interface ShownChain {
  readonly leaf: Uint8Array;
  /** What was sent besides. */
  readonly sent: readonly Uint8Array[];
  /** All that was sent besides, where `sent` may lack some. Asked for where the library alone finds a path. */
  readonly withheld?: (() => readonly Uint8Array[] | undefined) | undefined;
  readonly staple: Uint8Array | undefined | "not-asked";
  readonly library: string | undefined;
}

/** What a chain has to be good for. */
export interface ChainTerms {
  readonly purpose: Purpose;
  /** `undefined` for a client: nobody knows beforehand what it is called. */
  readonly host: string | undefined;
  readonly peer: string | undefined;
  readonly trust: TlsTrust;
  readonly revocation?: TlsRevocation | undefined;
  readonly intermediates?: TlsIntermediates | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is made of a chain. */
export interface ChainVerdict {
  /** What speaks against it; `undefined` where nothing does. */
  readonly objection: TlsError | undefined;
  /** What the stapled response says; `undefined` where none was asked for, and where nobody looked. */
  readonly staple: StapleVerdict | undefined;
}

/** What is the same for all chains. */
export interface ChainContext {
  readonly now: number;
  readonly memory: VerdictMemory;
}

/**
 * Judges a chain: what speaks against it is what path validation finds, or the library where it alone refuses. The library is
 * overruled only where it did not find an issuer that was found. Rejects for nothing that a peer sends.
 */
export async function judgeChain(
  { leaf, sent, withheld, staple: shown, library }: ShownChain,
  { purpose, host, peer, trust, revocation, intermediates, signal }: ChainTerms,
  { now, memory }: ChainContext,
): Promise<ChainVerdict> {
  const place: ObjectionPlace = { host, peer, leaf };
  if (trust.type === "pinned" && trust.dangerous?.acceptPinnedKeyAlone === true) {
    const objection = hasPin(leaf, trust.pins) ? undefined : certificateObjection([problemOf("PIN_MISMATCH")], place);
    return { objection, staple: undefined };
  }

  const response = shown === "not-asked" ? undefined : shown;
  const key = verdictKey(
    [purpose, host ?? "", trustFingerprint(trust), shown === "not-asked" ? shown : String(response !== undefined)],
    [...(response === undefined ? [] : [response]), leaf, ...sent],
  );
  const known = revocation === undefined ? memory.find(key, now) : undefined;
  if (known !== undefined) return conclude(known);

  const question: PathQuestion = {
    leaf,
    intermediates: sent,
    anchors: anchorsOf(trust),
    host,
    time: now,
    purpose,
    revocation: { ...revocation, stapled: response, stapleAsked: shown !== "not-asked" },
    profile: (anchor) => profileBelow(anchor, trust),
    anchorForm: "excused",
    isPublicSuffix: await publicSuffixes(leaf),
  };
  const { verdict, isAsShown, repairedFrom } = await findPath(
    question,
    // Only what the library has found a path in is worth asking for again.
    library === undefined ? withheld : undefined,
    issuerSources(intermediates ?? {}, signal ?? new AbortController().signal),
  );
  const staple = shown === "not-asked" ? undefined : stapleVerdict(verdict.stapled);
  const problems = verdict.type === "refused" ? verdict.problems : missingPin(verdict, trust);
  if (problems.length > 0) return { objection: certificateObjection(problems, place), staple };
  const trusted: TrustedVerdict = { until: endOf(verdict), intermediates: learnable(verdict.path), staple };
  // Who repairs nothing, or from elsewhere, would refuse what was repaired here.
  if (revocation === undefined && isAsShown && !promisesFreshness(verdict)) {
    memory.keep(key, now, trusted);
  }
  return conclude(trusted, repairedFrom);

  function conclude(trusted: TrustedVerdict, repairedFrom?: IssuerSourceName): ChainVerdict {
    const { staple } = trusted;
    const objection = libraryVerdict(library, place);
    if (objection !== undefined) return { objection, staple };
    for (const each of trusted.intermediates) intermediates?.memory?.keep(each);
    if (repairedFrom !== undefined) intermediates?.onRepaired?.(repairedFrom);
    return { objection, staple };
  }
}

/** What the library says where our own verdict is good. Where it found no issuer, one was found. */
function libraryVerdict(library: string | undefined, place: ObjectionPlace): TlsError | undefined {
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

function hasPin(leaf: Uint8Array, pins: readonly string[]): boolean {
  const certificate = parseCertificate(leaf);
  return certificate !== undefined && pins.includes(pinOf(certificate.publicKeyInfo));
}

/** A staple that must be there is good for its own time only. */
function promisesFreshness({ path: [leaf] }: PathVerdict): boolean {
  return leaf !== undefined && promisesStaple(leaf);
}

/** What a staple says is good for its own time only, too. */
function endOf({ path, stapled }: PathVerdict): number {
  const ends = path.map(({ notAfter }) => notAfter);
  if (stapled?.type === "good") ends.push(stapled.nextUpdate);
  return Math.min(...ends) * 1_000 + 999;
}

/** The list is loaded for the first certificate with a wildcard in it. */
async function publicSuffixes(leaf: Uint8Array): Promise<((name: string) => boolean) | undefined> {
  if (!Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).includes("*.")) return undefined;
  const { registrySuffix } = await import("@fairlead/http/site");
  return (name) => registrySuffix(name) === name;
}
