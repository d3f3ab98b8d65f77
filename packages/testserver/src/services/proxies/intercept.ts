import { once } from "node:events";
import { connect, createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { mintCertificate } from "../../authority/authority.ts";
import type { NetworkContext } from "../network-context.ts";
import { type AskedTunnel, established } from "./http-proxy.ts";
import { reach } from "./reach.ts";
import { joinStreams } from "./tunnel.ts";

/** For how many names certificates are kept. */
const nameLimit = 100;

/**
 * Makes tunnels whose TLS ends at the proxy and begins anew behind it, as at a company's middlebox: the client sees
 * certificates of the network's other authority.
 */
export function interceptTunnels({ authorities, clock }: NetworkContext): (asked: AskedTunnel) => Promise<void> {
  const contexts = new Map<string, Promise<SecureContext>>();
  const contextFor = (host: string): Promise<SecureContext> => {
    const known = contexts.get(host);
    if (known !== undefined) return known;
    const made = mintCertificate({ issuer: authorities.other, names: [host], now: clock.now() }).then(
      ({ certificate: cert, privateKey: key }) => createSecureContext({ cert, key }),
    );
    if (contexts.size >= nameLimit) contexts.clear();
    contexts.set(host, made);
    return made;
  };
  return async ({ target, client, network }) => {
    const below = await reach(network, target);
    client.once("close", () => below.destroy());
    const secureContext = await contextFor(target.host);
    client.write(established);
    const options = { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] };
    const towardsClient = new TLSSocket(client, options);
    const towardsServer = connect({
      socket: below,
      servername: target.host,
      ca: network.authorities.root.certificate,
      ALPNProtocols: ["http/1.1"],
    });
    towardsServer.on("error", () => towardsClient.destroy());
    towardsClient.on("error", () => towardsServer.destroy());
    await once(towardsServer, "secureConnect");
    joinStreams(towardsClient, towardsServer);
  };
}
