import type { DatagramEngineLibrary } from "@fairlead/tls/datagram";
import { errors } from "../gnutls-errors.ts";
import { guardOf } from "../guarded-callback.ts";
import { bindGnuTls, callback } from "../library.ts";
import { readCertificateRequest } from "../client-certificate-request.ts";
import { dtlsCredentialStore, type DtlsCredentialCallbacks } from "./dtls-credentials.ts";
import { DtlsEngine, type DtlsShared } from "./dtls-engine.ts";
import { dtlsPriorities } from "./dtls-priorities.ts";
import { bindGnuTlsDtls } from "./functions.ts";
import type { DtlsCallbacks } from "./prepare-dtls-session.ts";

/**
 * Binds GnuTLS and makes datagram engines of it. `live` counts those that are not closed.
 *
 * @throws Error when it cannot be loaded.
 *
 * @internal
 */
export function gnuTlsDatagramLibrary(
  path: string,
): DatagramEngineLibrary & { readonly live: ReadonlyMap<number, DtlsEngine> } {
  const gnutls = bindGnuTls(path);
  const dtls = bindGnuTlsDtls(path);
  const live = new Map<number, DtlsEngine>();
  const { lookup, retrieve, ...callbacks } = callbacksFor(live);
  const shared: DtlsShared = { gnutls, dtls, callbacks, live, scratch: Buffer.allocUnsafeSlow(16_384) };
  const store = dtlsCredentialStore(gnutls, { lookup, retrieve });
  const priorityOf = dtlsPriorities(gnutls);
  return {
    live,
    client: (options) =>
      new DtlsEngine(shared, {
        side: "client",
        options,
        priorities: priorityOf(options.cipherSuites),
        credentials: store.forClient(options),
      }),
    server: (options) =>
      new DtlsEngine(shared, {
        side: "server",
        options,
        priorities: priorityOf(options.cipherSuites),
        credentials: store.forServer(options),
      }),
  };
}

/** What GnuTLS calls, registered once for a binding. */
function callbacksFor(live: ReadonlyMap<number, DtlsEngine>): DtlsCallbacks & DtlsCredentialCallbacks {
  const guarded = guardOf(live);
  return {
    push: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, from = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.push(from, length)),
    ),
    pull: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, to = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.pull(to, length)),
    ),
    pullTimeout: callback("int", ["uintptr_t", "unsigned int"], (session = 0) =>
      guarded(session, -1, (engine) => engine.hasInput()),
    ),
    verify: callback("int", ["uintptr_t"], (session = 0) =>
      guarded(session, errors.certificate, (engine) => engine.verify()),
    ),
    lookup: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, identity = 0, datum = 0) =>
      guarded(session, -1, (engine) => engine.writeKey(identity, datum)),
    ),
    retrieve: callback(
      "int",
      ["uintptr_t", "uintptr_t", "int", "uintptr_t", "int", "uintptr_t"],
      (session = 0, names = 0, nameCount = 0, algorithms = 0, algorithmCount = 0) =>
        guarded(session, -1, (engine) => {
          const authorities = { address: names, count: nameCount };
          const keys = { address: algorithms, count: algorithmCount };
          return engine.noteCertificateRequest(readCertificateRequest(authorities, keys)) ? 0 : -1;
        }),
    ),
  };
}
