import type { X509Certificate } from "node:crypto";
import type { ProxyHead } from "@fairlead/transport/proxy-protocol";

/** One end of a connection. */
export interface Endpoint {
  /** An IP literal without brackets; IPv4 in its own form where it came mapped into IPv6. */
  readonly address: string;
  readonly port: number;
}

/** What is known of a secure connection. */
export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** What the client asked for by name, in lower case. */
  readonly serverName: string | undefined;
  readonly alpnProtocol: string | undefined;
  readonly isResumed: boolean;
  /** Only one that was verified against the anchors for clients; who shows none, or a wrong one, has none here. */
  readonly client: ClientIdentity | undefined;
}

/** Who a client has proved to be. */
export interface ClientIdentity {
  readonly certificate: X509Certificate;
  /** Leaf first, DER; the leaf alone on a resumed session where the library keeps no more. */
  readonly chain: readonly Uint8Array[];
}

/** A connection, as everything above it may know it. */
export interface ConnectionFacts {
  /** Counts up from 1 in its listener. */
  readonly id: number;
  /** Who the client is: by the socket, or by the PROXY protocol of a trusted sender. `undefined` for a Unix socket. */
  readonly remote: Endpoint | undefined;
  /** Where it arrived. */
  readonly local: Endpoint | undefined;
  /** The sender of a PROXY protocol head that was believed. */
  readonly proxy: Endpoint | undefined;
  /** All that it said, also of the client's TLS, which ended there; never mixed with `tls`. */
  readonly proxyHead?: ProxyHead | undefined;
  /** `undefined` on a plain connection. */
  readonly tls: TlsFacts | undefined;
}
