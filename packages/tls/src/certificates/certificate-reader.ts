import { X509Certificate } from "node:crypto";

/** Reads certificates, and knows those that it read last: of the many connections to a host each shows the same. */
export interface CertificateReader {
  /** `undefined` for what is no certificate. */
  read(der: Uint8Array): X509Certificate | undefined;
}

/** Keeps the `maxKept` that were read last. */
export function certificateReader(maxKept = 64): CertificateReader {
  const kept = new Map<string, X509Certificate>();
  return {
    read(der) {
      const key = Buffer.from(der.buffer, der.byteOffset, der.length).toString("latin1");
      const known = kept.get(key) ?? parse(der);
      if (known === undefined) return undefined;
      kept.delete(key);
      kept.set(key, known);
      const [oldest] = kept.keys();
      if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
      return known;
    },
  };
}

function parse(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
