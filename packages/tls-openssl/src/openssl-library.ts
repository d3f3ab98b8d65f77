import type { TlsEngineLibrary, TlsFeature } from "@fairlead/tls/engine";
import { openSslCallbacks } from "./callbacks.ts";
import { openSslContexts } from "./contexts.ts";
import { bindOpenSsl, readString } from "./library.ts";
import { OpenSslEngine, type OpenSslShared } from "./openssl-engine.ts";

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
  const shared: OpenSslShared = { openssl, callbacks, live, scratch: Buffer.allocUnsafeSlow(65_536) };
  const contexts = openSslContexts(openssl, callbacks);
  return {
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
  };
}

/** `OpenSSL 3.5.8 25 Aug 2026` */
function versionOf(text: string): string {
  return text.split(" ")[1] ?? text;
}
