import type { TlsCapabilities, TlsIdentity, TlsTrust } from "@fairlead/tls";
import type { Certificates } from "../certificates.ts";
import type { PairOptions } from "../pairing.ts";
import type { Random } from "./random.ts";

/** What both sides can, and who they are. */
export interface FuzzedPeers {
  readonly capabilities: { readonly client: TlsCapabilities; readonly server: TlsCapabilities };
  readonly certificates: Certificates;
  /** One that a server lets in, which trusts these anchors for clients. */
  readonly clients: { readonly trust: TlsTrust; readonly identity: TlsIdentity };
}

/** Chooses what a connection uses beyond certificates and ALPN, among what both backends can. */
export function chooseFeatures({ capabilities, certificates, clients }: FuzzedPeers, random: Random): PairOptions {
  const { client, server } = capabilities;
  const key = Buffer.alloc(32, 7);
  const connect: PairOptions["connect"][] = [];
  const accept: PairOptions["accept"][] = [];
  if (client.psk && server.psk && random.chance(0.15)) {
    connect.push({ psk: { identity: "sensor", key } });
    accept.push({ psk: random.pick([() => key, () => undefined, () => Buffer.alloc(32, 8)]) });
  }
  if (server.clientCertificates && random.chance(0.2)) {
    accept.push({ clientCertificates: { trust: clients.trust, required: random.chance(0.5) } });
    const identity = random.chance(0.8) ? clients.identity : certificates.good;
    if (random.chance(0.6)) connect.push({ identity });
    else if (client.clientCertificateQuestion) connect.push({ onClientCertificate: async () => identity });
  }
  if (client.keyLog && random.chance(0.1)) connect.push({ dangerous: { onKeyLog: () => undefined } });
  if (server.keyLog && random.chance(0.1)) accept.push({ dangerous: { onKeyLog: () => undefined } });
  if (client.earlyData && random.chance(0.2)) connect.push({ earlyData: true });
  if (server.earlyData && random.chance(0.3)) accept.push({ earlyData: { maxBytes: random.below(20_000) } });
  return { connect: Object.assign({}, ...connect) as object, accept: Object.assign({}, ...accept) as object };
}
