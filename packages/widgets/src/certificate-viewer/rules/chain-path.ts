import type { CertificateSource, ShownCertificate, ShownCertificateProblem } from "../shown-certificate.ts";

/** A place in the path from the anchor down to the leaf. */
export type PathNode =
  | {
      readonly type: "certificate";
      /** In the chain: 0 for the leaf. */
      readonly index: number;
      readonly role: CertificateRole;
      readonly source: CertificateSource;
      readonly problemCount: number;
      /** Whether it stands where its name does not belong: it did not issue the one below. */
      readonly isMisplaced: boolean;
    }
  /** Verification looked for the issuer of the last certificate, and did not find it. */
  | { readonly type: "missing"; readonly issuer: string }
  /** The issuer of the last certificate is not part of what was handed over: an anchor that the trust store keeps. */
  | { readonly type: "unseen"; readonly issuer: string };

/** What a certificate is there for. */
export type CertificateRole = "root" | "intermediate" | "leaf";

/** Lays out a chain, which is leaf first, as a path that begins at the top. */
export function chainPath(
  chain: readonly ShownCertificate[],
  problems: readonly ShownCertificateProblem[],
): readonly PathNode[] {
  const nodes: PathNode[] = chain.map((certificate, index) => {
    const below = chain[index - 1];
    return {
      type: "certificate",
      index,
      role: roleOf(certificate, index),
      source: certificate.source ?? "sent",
      problemCount: problems.filter((problem) => problem.index === index).length,
      isMisplaced: below !== undefined && !mayHaveIssued(certificate, below),
    };
  });
  const top = chain.at(-1);
  if (top !== undefined && !top.isSelfIssued && top.source !== "anchor") {
    const isMissing = problems.some(({ code }) => code === "ISSUER_UNKNOWN");
    nodes.push({ type: isMissing ? "missing" : "unseen", issuer: top.issuer });
  }
  return nodes.reverse();
}

function roleOf({ isSelfIssued, isAuthority, source }: ShownCertificate, index: number): CertificateRole {
  if (source === "anchor" || (isSelfIssued && (isAuthority || index > 0))) return "root";
  return index === 0 ? "leaf" : "intermediate";
}

/** A name or a key identifier that fits is enough: what it takes more is for verification to say. */
function mayHaveIssued(issuer: ShownCertificate, subject: ShownCertificate): boolean {
  const { authorityKeyIdentifier } = subject;
  return (
    issuer.subject.toLowerCase() === subject.issuer.toLowerCase() ||
    (authorityKeyIdentifier !== undefined && authorityKeyIdentifier === issuer.subjectKeyIdentifier)
  );
}
