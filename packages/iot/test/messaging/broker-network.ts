import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import type { NetworkInterfaces } from "@fairlead/http/connectivity";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";

/** Every TLS backend. */
export const tlsBackends: readonly TlsBackend[] = [nodeTls, loadOpensslTls(), loadGnutlsTls()];

/** The name of brokers: it is no name of this machine to who does not ask. */
export const BROKER = "broker.fairlead.test";

/** An authority, what it has issued for a broker and a client, and managers that trust it and find the broker. */
export interface BrokerNetwork {
  readonly ca: Authority;
  readonly server: MintedIdentity;
  readonly client: MintedIdentity;
  open(options?: NetworkAccessManagerOptions): Promise<NetworkAccessManager>;
}

/** Mints them. */
export async function brokerNetwork(): Promise<BrokerNetwork> {
  const ca = await mintAuthority();
  const server = await mintCertificate({ names: [BROKER, "localhost"], issuer: ca });
  const client = await mintCertificate({ names: ["sensor-7"], issuer: ca, usage: "client" });
  return {
    ...{ ca, server, client },
    open: (options = {}) =>
      openNetworkAccessManager({
        proxy: "none",
        resolve: () => Promise.resolve({ addresses: ["127.0.0.1"] }),
        // Some machines have nothing but loopback.
        connectivity: { interfaces: () => CONNECTED },
        ...options,
        tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
      }),
  };
}

/** The interfaces of a machine with a network. */
export const CONNECTED: NetworkInterfaces = { eth0: [{ address: "192.0.2.7", internal: false }] };
