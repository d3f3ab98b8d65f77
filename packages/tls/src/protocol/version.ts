/** The versions that are offered at all (RFC 9325 section 3.1.1). */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** What a session can be of. One of datagrams is never offered on a stream, nor the other way round. */
export type SessionVersion = TlsVersion | "DTLSv1.2";
