import type { TlsAcceptOptions, TlsBackend, TlsIdentity, TlsSocket } from "../contract.ts";
import { requireFeatures, type TlsFeature } from "../features.ts";
import { requireOpen, versionRange } from "../preconditions.ts";
import { chooseIdentity } from "./choose-identity.ts";
import type { Duplex } from "node:stream";

/** What a server offers when it is known who it is. */
export type ChosenAcceptOptions = TlsAcceptOptions & { readonly identity?: TlsIdentity | undefined };

/**
 * Lets an `accept` that needs to know who the server is be given the question: the ClientHello is read off the stream
 * first, and back in it when `accept` gets it. No TLS library takes part, so that all backends do the same.
 */
export function withIdentity(
  backend: { readonly name: string; readonly features: ReadonlySet<TlsFeature> },
  accept: (below: Duplex, options: ChosenAcceptOptions) => Promise<TlsSocket>,
): TlsBackend["accept"] {
  return async (below, options) => {
    const { identity, ...others } = options;
    if (typeof identity !== "function") return accept(below, { ...others, identity });
    let chosen: TlsIdentity;
    try {
      options.signal?.throwIfAborted();
      requireFeatures(backend, options);
      requireOpen(below, options.peer);
      versionRange(options);
      chosen = await chooseIdentity(below, identity, options);
    } catch (error) {
      below.destroy();
      throw error;
    }
    return accept(below, { ...others, identity: chosen });
  };
}
