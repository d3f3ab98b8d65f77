import { PlaintextSlab, slabPool, type TlsEngineLibrary, type TlsFeature } from "@fairlead/tls/engine";
import { openSslCallbacks } from "./callbacks.ts";
import { type OpenSslContexts, openSslContexts } from "./contexts.ts";
import { bindOpenSsl, nativeMemory, readString } from "./library.ts";
import { OpenSslEngine, type OpenSslShared } from "./openssl-engine.ts";
import { queueBioMethod } from "./queue-bio.ts";

/**
 * Binds OpenSSL and makes engines of it. `live` counts those that are not closed.
 *
 * @throws Error when the executable does not export OpenSSL.
 *
 * @internal
 */
export function openSslLibrary(): TlsEngineLibrary & { readonly live: ReadonlyMap<number, unknown> } {
  const openssl = bindOpenSsl();
  const live = new Map<number, OpenSslEngine>();
  const callbacks = openSslCallbacks(openssl, live);
  const memory = nativeMemory();
  const slabs = slabPool();
  const transport = queueBioMethod(openssl, memory, slabs);
  const plaintext = new PlaintextSlab(memory, slabs);
  const shared: OpenSslShared = { openssl, callbacks, live, transport, plaintext };
  const withContexts = (contexts: OpenSslContexts): TlsEngineLibrary & { readonly live: typeof live } => ({
    name: "openssl",
    library: { name: "OpenSSL", version: versionOf(readString(openssl.OpenSSL_version(0))) },
    features: new Set<TlsFeature>([
      "client-certificate-question",
      "client-certificates",
      "early-data",
      "key-log",
      "key-update",
      "ocsp-response",
      "psk",
    ]),
    live,
    client: (options) => OpenSslEngine.client(shared, contexts.forClient(options), options),
    server: (options) => OpenSslEngine.server(shared, contexts.forServer(options), options),
  });
  return {
    ...withContexts(openSslContexts(openssl, callbacks)),
    apart() {
      const contexts = openSslContexts(openssl, callbacks);
      return { ...withContexts(contexts), forget: () => contexts.forget() };
    },
  };
}

/** `OpenSSL 3.5.8 25 Aug 2026` */
function versionOf(text: string): string {
  return text.split(" ")[1] ?? text;
}
