import type { TlsOptions } from "node:tls";
import type { ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver, StreamServiceEntry } from "../service-entry.ts";
import { Conversation } from "./conversation.ts";
import { tlsUpgrade } from "./tls-upgrade.ts";

/** A service whose protocol is spoken in lines. */
export interface LineServiceTerms<Name extends string> {
  readonly name: Name;
  readonly scheme: string;
  readonly does: string;
  readonly example?: string | undefined;
  /** `first` begins with TLS; `later`, the default, in the clear. */
  readonly tls?: "first" | "later";
  /** The certificate; the good one by default. */
  readonly mint?: ((network: NetworkContext) => Promise<ShownIdentity>) | undefined;
  readonly tlsOptions?: TlsOptions;
  /** Is called once for all connections; what it returns holds the conversation with one client, to its end. */
  readonly serve: (network: NetworkContext, self: ServiceSelf) => (talk: Conversation) => Promise<never>;
}

/** Makes the service. */
export function lineService<const Name extends string>(terms: LineServiceTerms<Name>): StreamServiceEntry<Name> {
  const { name, scheme, does, example, tls = "later", mint, tlsOptions, serve } = terms;
  const open = async (network: NetworkContext, self: ServiceSelf): Promise<StreamDriver> => {
    const { connections } = self;
    const { certificate: cert, privateKey: key } = await (mint?.(network) ?? network.goodIdentity());
    const upgrade = tlsUpgrade(connections, { cert, key, ...tlsOptions });
    const converse = serve(network, self);
    const hold = async (talk: Conversation): Promise<void> => {
      try {
        if (tls === "first") await talk.secure("handshake");
        await converse(talk);
      } catch (reason) {
        talk.finish(reason);
      }
    };
    return {
      accept: (_socket, connection) =>
        void hold(new Conversation({ service: name, connection, traffic: network.traffic, upgrade })),
    };
  };
  return { name, scheme, does, ...(example !== undefined && { example }), followsClock: true, open };
}
