import type { Certificate } from "./certificate.ts";
import { MalformedDer, type ReadDer } from "./der-node.ts";
import { type Hash, judgeByResponse, type ResponseVerdict, unusableResponse } from "./ocsp-response.ts";
import type { PathWork, VerifySignature } from "./path-builder.ts";
import type { Finding } from "./problems.ts";
import { judgeByLists, readRevocationList, type RevocationList } from "./revocation-list.ts";

/** What is known about revocation. Nothing is fetched. */
export interface RevocationEvidence {
  /** Lists in DER, for whatever issuers. A list of the right issuer that cannot be used is a problem. */
  readonly lists?: readonly Uint8Array[] | undefined;
  /** The response that the server stapled for the leaf, in DER. One that cannot be used counts as none. */
  readonly stapled?: Uint8Array | undefined;
  /** Whether every certificate but the anchor must be shown to be good. */
  readonly required?: boolean | undefined;
  /** Whether the peer was asked for a stapled response: one that its certificate promises must then be there. */
  readonly stapleAsked?: boolean | undefined;
}

/** What the checks need beside the evidence. */
export interface RevocationContext {
  /** Seconds since 1970. */
  readonly time: number;
  readonly verifySignature: VerifySignature;
  readonly work: PathWork;
  readonly readDer: ReadDer;
  readonly hash: Hash;
}

/** Lists that are read; more of them are not. */
export const maxRevocationLists = 32;

/** What the evidence says of the certificates of a path. */
export interface RevocationChecks {
  /** What it has against one of them. */
  readonly findings: (certificate: Certificate, issuer: Certificate, leaf: boolean) => readonly Finding[];
  /** What the stapled response says of the leaf; `undefined` where none was stapled. */
  readonly stapled: (leaf: Certificate | undefined, issuer: Certificate | undefined) => ResponseVerdict | undefined;
}

/**
 * Prepares the checks, for as many paths as are tried.
 *
 * @see RFC 5280 section 6.3, RFC 6960 section 3.2, RFC 7633 section 4.2.2
 */
export function revocationChecks(
  { lists = [], stapled: response, required = false, stapleAsked = false }: RevocationEvidence,
  context: RevocationContext,
): RevocationChecks {
  const read = lists.slice(0, maxRevocationLists).map((der) => readList(der, context.readDer));
  const usable = read.filter((list) => list !== undefined);
  const unreadable = usable.length < read.length;
  const stapled: RevocationChecks["stapled"] = (leaf, issuer) => {
    if (response === undefined) return undefined;
    if (leaf === undefined || issuer === undefined) return unusableResponse;
    return judgeByResponse(leaf, issuer, response, context);
  };
  return {
    stapled,
    findings: (certificate, issuer, leaf) => {
      const byList = judgeByLists(certificate, issuer, usable, context);
      const byStaple = leaf ? stapled(certificate, issuer)?.type : undefined;
      if (byList.type === "revoked" || byStaple === "revoked") return [{ code: "REVOKED" }];
      if (leaf && stapleAsked && byStaple !== "good" && promisesStaple(certificate)) {
        return [{ code: "STAPLE_REQUIRED" }];
      }
      if (byList.type === "unusable") return [{ code: "REVOCATION_LIST_INVALID", detail: byList.detail }];
      if (byList.type === "good" || byStaple === "good") return [];
      if (unreadable) return [{ code: "REVOCATION_LIST_INVALID", detail: "it cannot be read" }];
      return required ? [{ code: "REVOCATION_UNKNOWN" }] : [];
    },
  };
}

/** RFC 7633: the server's certificate tells that it always staples, so that one without is in other hands. */
export function promisesStaple({ extensions }: Pick<Certificate, "extensions">): boolean {
  return extensions.tlsFeatures?.includes(statusRequest) === true;
}

/** RFC 6066 section 8. */
const statusRequest = 5;

function readList(der: Uint8Array, readDer: ReadDer): RevocationList | undefined {
  try {
    return readRevocationList(der, readDer);
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}
