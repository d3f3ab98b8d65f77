import type { TlsEngineLibrary, TlsFeature } from "@fairlead/tls/engine";
import { type ContextCallbacks, openSslContexts } from "./contexts.ts";
import { bindOpenSsl, callback, type OpenSsl, readBytes, readString, writeByte, writePointer } from "./library.ts";
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
  const shared: OpenSslShared = { openssl, live, scratch: Buffer.allocUnsafeSlow(65_536) };
  const contexts = openSslContexts(openssl, callbacksFor(openssl, live));
  return {
    name: "openssl",
    library: { name: "OpenSSL", version: versionOf(readString(openssl.OpenSSL_version(0))) },
    features: new Set<TlsFeature>(["key-update"]),
    live,
    client: (options) => new OpenSslEngine(shared, contexts.forClient(options), { ...options, side: "client" }),
    server: (options) => new OpenSslEngine(shared, contexts.forServer(options), { ...options, side: "server" }),
  };
}

/** What OpenSSL calls. An exception would read as 0 there, so each returns what refuses when anything is amiss. */
function callbacksFor(openssl: OpenSsl, live: ReadonlyMap<number, OpenSslEngine>): ContextCallbacks {
  const sslIndex = openssl.SSL_get_ex_data_X509_STORE_CTX_idx();
  return {
    verify: callback(["uintptr_t", "uintptr_t"], (store = 0) => {
      try {
        const ssl = openssl.X509_STORE_CTX_get_ex_data(store, sslIndex);
        return live.get(ssl)?.verify(store) === true ? 1 : 0;
      } catch {
        return 0;
      }
    }),
    newSession: callback(["uintptr_t", "uintptr_t"], (ssl = 0, session = 0) => {
      try {
        live.get(ssl)?.keepSession(session);
      } catch {
        // A session that cannot be written is one less to resume.
      }
      // OpenSSL keeps its reference.
      return 0;
    }),
    selectAlpn: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "uintptr_t", "unsigned int", "uintptr_t"],
      (ssl = 0, out = 0, outLength = 0, offered = 0, offeredLength = 0) => {
        try {
          const chosen = live.get(ssl)?.selectAlpn(readBytes(offered, offeredLength)) ?? "none";
          if (chosen === "not-asked") return alpnNotAsked;
          if (chosen === "none") return alpnRefused;
          writePointer(out, offered + chosen.offset);
          writeByte(outLength, chosen.length);
          return alpnChosen;
        } catch {
          return alpnRefused;
        }
      },
    ),
  };
}

/** `OpenSSL 3.5.8 25 Aug 2026` */
function versionOf(text: string): string {
  return text.split(" ")[1] ?? text;
}

// OpenSSL, include/openssl/tls1.h: SSL_TLSEXT_ERR_OK, _ALERT_FATAL, _NOACK
const alpnChosen = 0;
const alpnRefused = 2;
const alpnNotAsked = 3;
