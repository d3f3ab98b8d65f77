import { originByForwarded, readForwarded, readXForwarded, type ForwardedOrigin } from "@fairlead/http/forwarded";
import type { ConnectionFacts, Exchange, FlatFields } from "../exchange/index.ts";
import { trustedSenders, type TrustedSenders } from "../listen/trusted-senders.ts";
import { EdgeExchange } from "./edge-exchange.ts";
import { formatHsts, type HstsOptions } from "./hsts.ts";
import { hasProxyFields, siftFields, type Sifted } from "./protocol/sift-fields.ts";

/** Whose word about clients is taken. */
export interface ForwardedTrust {
  /** Subnets and addresses of proxies, and `unix` for Unix sockets. What others say is removed. */
  readonly from: readonly string[];
  /**
   * What they write: `forwarded` (RFC 7239) by default, or X-Forwarded-For, -Proto and -Host. Only one is believed, since a
   * proxy that writes one passes on what a client wrote in the other; that is removed.
   */
  readonly spelling?: "forwarded" | "x-forwarded" | undefined;
  /**
   * Whether Client-Cert and Client-Cert-Chain (RFC 9440) are believed, too: only where each of the proxies removes those
   * that come in. False by default, and they are removed, whoever sends them.
   */
  readonly clientCertificates?: boolean | undefined;
}

/** What is done to all exchanges. */
export interface EdgeOptions {
  readonly forwarded?: ForwardedTrust | undefined;
  readonly hsts?: HstsOptions | undefined;
}

/**
 * Makes what stands between drivers and handlers: it gives handlers an exchange that tells the truth, which most often is
 * the one that came.
 *
 * @throws UsageError OPTION_INVALID
 */
export function exchangeEdge({ forwarded, hsts }: EdgeOptions): (exchange: Exchange) => Exchange {
  const isTrusted = trustedSenders(forwarded?.from ?? [], "forwarded.from");
  const strictly = hsts && formatHsts(hsts);
  const spelling = forwarded?.spelling ?? "forwarded";
  return (exchange) => {
    const { head, connection } = exchange;
    if (strictly === undefined && connection.proxyHead === undefined && !hasProxyFields(head.fields)) return exchange;
    const isBelieved = forwarded !== undefined && isSender(connection, isTrusted);
    const sifted = siftFields(head.fields, {
      forwarded: forwarded === undefined ? "keep" : isBelieved ? spelling : "remove",
      clientCertificates: isBelieved && forwarded.clientCertificates === true,
    });
    const origin = isBelieved ? originOf(sifted, spelling, isTrusted) : undefined;
    const scheme = origin?.scheme ?? (connection.proxyHead?.tls === undefined ? head.scheme : "https");
    const isStrict = strictly !== undefined && scheme === "https";
    if (sifted.fields === head.fields && origin === undefined && scheme === head.scheme && !isStrict) return exchange;
    const authority = origin?.host ?? head.authority;
    const fields = origin?.host === undefined ? sifted.fields : withHost(sifted.fields, origin.host);
    return new EdgeExchange(exchange, {
      head: { ...head, scheme, authority, fields },
      client: origin?.client ?? connection.remote,
      certificateLines: sifted.certificate,
      chainLines: sifted.chain,
      hsts: isStrict ? strictly : undefined,
    });
  };
}

/** Who wrote the fields is who is connected; behind the PROXY protocol, who is so through somebody that writes none. */
function isSender({ remote, proxyHead }: ConnectionFacts, isTrusted: TrustedSenders): boolean {
  // A client on the load balancer's own machine is not one on ours.
  return remote === undefined && proxyHead !== undefined ? false : isTrusted(remote);
}

function originOf(sifted: Sifted, spelling: "forwarded" | "x-forwarded", isTrusted: TrustedSenders): ForwardedOrigin {
  const elements =
    spelling === "forwarded"
      ? readForwarded(sifted.forwarded)
      : readXForwarded({ for: sifted.xFor, proto: sifted.xProto, host: sifted.xHost });
  return originByForwarded(elements, (address) => isTrusted({ address }));
}

function withHost(fields: FlatFields, host: string): FlatFields {
  const changed = [...fields];
  for (let index = 0; index < changed.length; index += 2) if (changed[index] === "host") changed[index + 1] = host;
  return changed;
}
