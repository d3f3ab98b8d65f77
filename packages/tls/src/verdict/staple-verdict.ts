import type { ResponseVerdict, RevocationReason } from "../certificates/path/protocol/ocsp-response.ts";

/** What verification made of the OCSP response that a server staples for its certificate. Times are ISO 8601. */
export type StapleVerdict =
  /** The server was asked for one, and sent none. */
  | { readonly type: "none" }
  /** Not revoked, from `thisUpdate` to `nextUpdate`. */
  | { readonly type: "good"; readonly thisUpdate: string; readonly nextUpdate: string }
  /** What is `undefined` is not told. */
  | { readonly type: "revoked"; readonly revokedAt: string | undefined; readonly reason: RevocationReason | undefined }
  /** The responder does not know the certificate. */
  | { readonly type: "unknown" }
  /** One came that says nothing: out of date, about another certificate, or not signed by who may. */
  | { readonly type: "unusable" };

/** Writes what a response says as plain data. @param response `undefined` where none was stapled */
export function stapleVerdict(response: ResponseVerdict | undefined): StapleVerdict {
  switch (response?.type) {
    case undefined:
      return { type: "none" };
    case "good":
      return { type: "good", thisUpdate: isoDate(response.thisUpdate), nextUpdate: isoDate(response.nextUpdate) };
    case "revoked": {
      const { revokedAt, reason } = response;
      return { type: "revoked", revokedAt: revokedAt === undefined ? undefined : isoDate(revokedAt), reason };
    }
    case "unknown":
    case "unusable":
      return { type: response.type };
  }
}

/** Says it in one line of English, for terminals. */
export function describeStaple(verdict: StapleVerdict): string {
  switch (verdict.type) {
    case "none":
      return "none";
    case "good":
      return `good, from ${verdict.thisUpdate} to ${verdict.nextUpdate}`;
    case "revoked":
      return ["revoked", verdict.revokedAt && `on ${verdict.revokedAt}`, verdict.reason && `for ${verdict.reason}`]
        .filter((part) => part !== undefined)
        .join(" ");
    case "unknown":
      return "its responder does not know the certificate";
    case "unusable":
      return "it cannot be used: out of date, about another certificate, or not signed by who may";
  }
}

function isoDate(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
