import { createHash } from "node:crypto";
import type { Certificate } from "../certificates/path/protocol/certificate.ts";
import type { DistinguishedName } from "../certificates/path/protocol/distinguished-name.ts";

/**
 * Intermediates of paths that were verified, for servers that forget to send theirs. What it finds is never trusted by
 * itself: a path through it has to end in an anchor all the same.
 */
export interface IntermediateMemory {
  /** Certificates with this subject, DER, as few as may be: at most 16 are looked at. A rejection counts as none. */
  find(subject: string): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Called for each intermediate of each path that is verified, again and again for the same. Must not throw. */
  keep(intermediate: LearnedIntermediate): void;
}

/** An intermediate that stood in a verified path. */
export interface LearnedIntermediate {
  /** What it is found by: a hash of the name, 64 hexadecimal digits. */
  readonly subject: string;
  /** SHA-256 of the certificate, 64 hexadecimal digits. */
  readonly fingerprint: string;
  /** DER, at most 16 KiB. */
  readonly certificate: Uint8Array;
  /** When it ends, in milliseconds since 1970. */
  readonly notAfter: number;
}

/** Keeps up to `maxIntermediates` in this process, and of one subject up to 8; the oldest go first. */
export function memoryIntermediates({
  maxIntermediates = 1_000,
}: {
  readonly maxIntermediates?: number;
} = {}): IntermediateMemory {
  const kept = new Map<string, LearnedIntermediate>();
  return {
    find(subject) {
      return [...kept.values()].filter((each) => each.subject === subject).map(({ certificate }) => certificate);
    },
    keep(intermediate) {
      const { subject, fingerprint } = intermediate;
      if (kept.delete(fingerprint)) {
        kept.set(fingerprint, intermediate);
        return;
      }
      const same = [...kept.values()].filter((each) => each.subject === subject);
      const [oldest] = same.length >= maxOfOneSubject ? same : kept.size >= maxIntermediates ? kept.values() : [];
      if (oldest !== undefined) kept.delete(oldest.fingerprint);
      kept.set(fingerprint, intermediate);
    },
  };
}

const maxOfOneSubject = 8;

/** What intermediates of this name are found by. Names that compare as equal have the same. RFC 5280 section 7.1. */
export function subjectHash(name: DistinguishedName): string {
  return createHash("sha256").update(name.key).digest("hex");
}

/** What stands between leaf and anchor of a verified path; nobody else's certificates are learned. */
export function learnable(path: readonly Certificate[]): readonly LearnedIntermediate[] {
  return path
    .slice(1, -1)
    .filter(({ der }) => der.length <= maxLearnedBytes)
    .map(({ der, subject, notAfter }) => ({
      subject: subjectHash(subject),
      fingerprint: createHash("sha256").update(der).digest("hex"),
      // A copy: what was read may be part of something larger.
      certificate: Uint8Array.from(der),
      notAfter: notAfter * 1_000,
    }));
}

const maxLearnedBytes = 16_384;
