import { whenAsked } from "../capabilities/when-asked.ts";
import type { TlsBackend } from "../contract.ts";
import { withIdentity } from "../hello/with-identity.ts";
import { accept } from "./accept.ts";
import { connect } from "./connect.ts";
import { nodeFeatures } from "./features.ts";
import { peerJudge } from "../verdict/judge-peer.ts";
import { secureContexts } from "./secure-contexts.ts";
import { withheldCertificates } from "./withheld-certificates.ts";

/**
 * The TLS backend on `node:tls`: always there, over any Duplex. Half-close follows `allowHalfOpen` of the stream below.
 *
 * It keeps the 32 secure contexts that were used last, private keys included, for as long as the process runs;
 * {@link createNodeTls} makes a backend with a memory of its own.
 *
 * @example
 * const socket = await nodeTls.connect(await connectTcp({ host, port: 443 }), { host, alpnProtocols: ["http/1.1"] });
 */
export const nodeTls: TlsBackend = /* @__PURE__ */ createNodeTls();

/** Makes a backend that shares no secure contexts with any other. `maxContexts` bounds how many it keeps. */
export function createNodeTls({ maxContexts = 32 }: { readonly maxContexts?: number } = {}): TlsBackend {
  const parts = {
    contexts: secureContexts(maxContexts),
    judge: peerJudge(),
    withheld: withheldCertificates(),
  };
  return {
    name: "node",
    library: { name: "OpenSSL", version: process.versions.openssl },
    capabilities: whenAsked(() => ({ backend: createNodeTls() })),
    connect: (below, options) => connect(parts, below, options),
    accept: withIdentity({ name: "node", features: nodeFeatures }, (below, options) => accept(parts, below, options)),
  };
}
