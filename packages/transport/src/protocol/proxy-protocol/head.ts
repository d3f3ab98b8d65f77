/** What a sender of the PROXY protocol says of the connection that it passes on. */
export interface ProxyHead {
  readonly version: 1 | 2;
  readonly ends: ProxyEnds;
  /** What the sender knows of the client's TLS, which ended there; `undefined` where there was none, or it does not tell. */
  readonly tls: ProxyTls | undefined;
  /** What was negotiated with the client, one character a byte: `h2`. */
  readonly alpnProtocol: string | undefined;
  /** The host name that the client asked for, as it came. */
  readonly authority: string | undefined;
  /** Identifies the connection across machines; at most 128 bytes. */
  readonly uniqueId: Uint8Array | undefined;
}

/** Between whom the connection is. */
export type ProxyEnds =
  | { readonly type: "addresses"; readonly source: ProxyEndpoint; readonly destination: ProxyEndpoint }
  /** The client is on the sender's own machine. */
  | { readonly type: "unix" }
  /** The sender speaks for itself, as with a health check, or does not know: what the socket says holds. */
  | { readonly type: "own" };

/** An address in its canonical form, IPv4 also where it was mapped into IPv6, without brackets. */
export interface ProxyEndpoint {
  readonly address: string;
  readonly port: number;
}

/** What the sender says of the client's TLS. */
export interface ProxyTls {
  /** As the sender's library writes it: `TLSv1.3`. */
  readonly protocol: string | undefined;
  readonly cipher: string | undefined;
  /** Whether the client showed a certificate, on this connection or when its session began, that the sender verified. */
  readonly isClientVerified: boolean;
  /** The subject's common name in the client's certificate, verified or not. */
  readonly clientCommonName: string | undefined;
}

/** What the first bytes of a connection are. */
export type ProxyHeadReading =
  | { readonly type: "need-data" }
  /** `length` bytes of it were the head; what follows is the client's. */
  | { readonly type: "head"; readonly head: ProxyHead; readonly length: number }
  /** Something else, from its first bytes on. */
  | { readonly type: "none" }
  /** It begins as a head does, and is none. */
  | { readonly type: "invalid"; readonly detail: string };
