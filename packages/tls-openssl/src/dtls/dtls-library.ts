import type { DatagramEngineLibrary } from "@fairlead/tls/datagram";
import { bindOpenSsl, callback, type OpenSsl, readBytes, readString, writeByte, writePointer } from "../library.ts";
import { dtlsContexts, type DtlsContextCallbacks } from "./contexts.ts";
import { DtlsEngine, type DtlsShared } from "./dtls-engine.ts";
import { bindOpenSslDtls, writeBytes } from "./functions.ts";

/**
 * Binds OpenSSL and makes datagram engines of it. `live` counts those that are not closed.
 *
 * @throws Error when the executable does not export OpenSSL.
 *
 * @internal
 */
export function openSslDatagramLibrary(): DatagramEngineLibrary & { readonly live: ReadonlyMap<number, DtlsEngine> } {
  const openssl = bindOpenSsl();
  const dtls = bindOpenSslDtls();
  const live = new Map<number, DtlsEngine>();
  const shared: DtlsShared = {
    openssl,
    dtls,
    live,
    scratch: Buffer.allocUnsafeSlow(16_384),
    address: dtls.BIO_ADDR_new(),
    timer: timerFor(live),
    chooseCertificate: certificateChoiceFor(live),
  };
  const contexts = dtlsContexts(openssl, dtls, callbacksFor(openssl, live));
  return {
    live,
    client: (options) => new DtlsEngine(shared, { side: "client", options, context: contexts.forClient(options) }),
    server: (options) => new DtlsEngine(shared, { side: "server", options, context: contexts.forServer(options) }),
  };
}

/** A second for whom nobody knows. */
function timerFor(live: ReadonlyMap<number, DtlsEngine>): bigint {
  return callback(["uintptr_t", "unsigned int"], (ssl = 0, passed = 0) => {
    try {
      return live.get(ssl)?.nextWait(passed) ?? 1_000_000;
    } catch {
      return 1_000_000;
    }
  });
}

/** Refuses what throws; -1 has OpenSSL ask again. */
function certificateChoiceFor(live: ReadonlyMap<number, DtlsEngine>): bigint {
  return callback(["uintptr_t", "uintptr_t"], (ssl = 0) => {
    try {
      return live.get(ssl)?.mayIdentify() === true ? 1 : -1;
    } catch {
      return 0;
    }
  });
}

/** What OpenSSL calls. An exception would read as 0 there; 0 refuses in all of these. */
function callbacksFor(openssl: OpenSsl, live: ReadonlyMap<number, DtlsEngine>): DtlsContextCallbacks {
  const guarded = (refusal: number, body: () => number): number => {
    try {
      return body();
    } catch {
      return refusal;
    }
  };
  const sslIndex = openssl.SSL_get_ex_data_X509_STORE_CTX_idx();
  return {
    verify: callback(["uintptr_t", "uintptr_t"], (store = 0) =>
      guarded(0, () => {
        const ssl = openssl.X509_STORE_CTX_get_ex_data(store, sslIndex);
        return live.get(ssl)?.verify(store) === true ? 1 : 0;
      }),
    ),
    // The cookie was made and verified before there was an engine.
    makeCookie: callback(["uintptr_t", "uintptr_t", "uintptr_t"], () => 0),
    verifyCookie: callback(["uintptr_t", "uintptr_t", "unsigned int"], () => 1),
    clientKey: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "unsigned int", "uintptr_t", "unsigned int"],
      (ssl = 0, ...[, identityAt = 0, maxIdentity = 0, keyAt = 0, maxKey = 0]) =>
        guarded(0, () => {
          const psk = live.get(ssl)?.clientKey();
          if (psk === undefined) return 0;
          const identity = Buffer.from(`${psk.identity}\0`);
          if (identity.length > maxIdentity || psk.key.length > maxKey) return 0;
          writeBytes(identityAt, identity);
          writeBytes(keyAt, psk.key);
          return psk.key.length;
        }),
    ),
    serverKey: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "unsigned int"],
      (ssl = 0, identityAt = 0, keyAt = 0, maxKey = 0) =>
        guarded(0, () => {
          const key = live.get(ssl)?.serverKey(readString(identityAt));
          if (key === undefined || key.length > maxKey) return 0;
          writeBytes(keyAt, key);
          return key.length;
        }),
    ),
    selectAlpn: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "uintptr_t", "unsigned int", "uintptr_t"],
      (ssl = 0, out = 0, outLength = 0, offered = 0, offeredLength = 0) =>
        guarded(alpnRefused, () => {
          const chosen = live.get(ssl)?.selectAlpn(readBytes(offered, offeredLength)) ?? "none";
          if (chosen === "not-asked") return alpnNotAsked;
          if (chosen === "none") return alpnRefused;
          writePointer(out, offered + chosen.offset);
          writeByte(outLength, chosen.length);
          return alpnChosen;
        }),
    ),
  };
}

// OpenSSL, include/openssl/tls1.h: SSL_TLSEXT_ERR_OK, _ALERT_FATAL, _NOACK
const alpnChosen = 0;
const alpnRefused = 2;
const alpnNotAsked = 3;
