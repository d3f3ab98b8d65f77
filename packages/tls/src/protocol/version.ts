/** The versions that are offered at all (RFC 9325 section 3.1.1). */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";
