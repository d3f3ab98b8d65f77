import type { TlsPsk } from "@fairlead/tls";

/** What datagrams are sent and received for. */
export interface ConnectDatagramsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Offered in this order. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Proves both sides by a key that both know, instead of certificates. Of a URL that is secured only. */
  readonly psk?: TlsPsk | undefined;
}
