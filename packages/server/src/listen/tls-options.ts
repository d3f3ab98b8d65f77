import type { TlsServerOptions } from "@fairlead/tls/sockets";

/** How connections are secured: certificates, backends and limits as `tlsServer` of package `tls` takes them. */
export interface ListenTlsOptions extends Omit<TlsServerOptions, "protocol" | "maxConnections" | "earlyData"> {
  /** `h2` and `http/1.1` by default. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** What a client gets that speaks plain HTTP on this port: 308 to https, or 400; `redirect` by default. */
  readonly plain?: "redirect" | "refuse" | undefined;
}
