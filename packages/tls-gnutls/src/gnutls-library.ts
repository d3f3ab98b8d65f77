import {
  type EngineServerOptions,
  type NativeMemory,
  PlaintextSlab,
  slabPool,
  type TlsEngineLibrary,
  type TlsFeature,
} from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { readCertificateRequest } from "./client-certificate-request.ts";
import { credentialStore } from "./credentials.ts";
import { errors } from "./gnutls-errors.ts";
import { GnuTlsEngine, type GnuTlsShared } from "./gnutls-engine.ts";
import { addressOf, bindGnuTls, callback, cString, has64BitPointers, readDatumAt, readString } from "./library.ts";
import { priorities, type PrioritySettings } from "./priorities.ts";
import { serverPsk as allocateServerPsk } from "./psk.ts";
import { ReplayMemory, replayMemory as allocateReplayMemory } from "./replay-memory.ts";

/** The oldest version whose TLS 1.3 is sound enough: it fixes CVE-2020-11501. */
export const oldestVersion = "3.6.13";

/**
 * Binds GnuTLS and makes engines of it. `live` counts those that are not closed.
 *
 * @throws Error when it cannot be loaded, or is too old.
 *
 * @internal
 */
export function gnuTlsLibrary(path: string): TlsEngineLibrary & { readonly live: ReadonlyMap<number, GnuTlsEngine> } {
  if (!has64BitPointers()) throw new Error("only processes with 64-bit pointers are supported");
  const gnutls = bindGnuTls(path);
  const version = readString(gnutls.gnutls_check_version(null));
  if (gnutls.gnutls_check_version(cString(oldestVersion)) === 0) {
    throw new Error(`version ${version} is older than ${oldestVersion}`);
  }
  const live = new Map<number, GnuTlsEngine>();
  const callbacks = callbacksFor(live);
  const memory: NativeMemory = { addressOf, copy: gnutls.memcpy };
  const slabs = slabPool();
  const shared: GnuTlsShared = {
    gnutls,
    callbacks,
    live,
    memory,
    plaintext: new PlaintextSlab(memory, slabs),
    slabs,
  };
  const store = credentialStore(gnutls, callbacks);
  const priorityOf = priorities(gnutls);
  let keyCredentials: number | undefined;
  let replayMemory: number | undefined;
  const common = {
    serverPsk: () => (keyCredentials ??= allocateServerPsk(gnutls, callbacks.findKey)),
    replays: () => (replayMemory ??= allocateReplayMemory(gnutls, callbacks.noteFlight)),
  };
  return {
    name: "gnutls",
    library: { name: "GnuTLS", version },
    features: new Set<TlsFeature>([
      "client-certificate-restart",
      "client-certificates",
      "early-data",
      "key-log",
      "key-update",
      "ocsp-response",
      "psk",
    ]),
    live,
    client: (options) =>
      new GnuTlsEngine(shared, {
        ...common,
        side: "client",
        options,
        priorities: priorityOf({ ...options, side: "client", psk: options.psk === undefined ? "none" : "only" }),
        credentials: store.forClient(options),
      }),
    server: (options) =>
      new GnuTlsEngine(shared, {
        ...common,
        side: "server",
        options,
        priorities: priorityOf({ ...options, side: "server", psk: pskOf(options) }),
        credentials: store.forServer(options),
      }),
  };
}

function pskOf({ psk, identity }: EngineServerOptions): PrioritySettings["psk"] {
  if (psk === undefined) return "none";
  return identity === undefined ? "only" : "also";
}

/**
 * What GnuTLS calls, registered once. An exception would read as 0 there, which a verification takes for "accepted" and
 * a pull for the end of the stream: each is caught, answered by a refusal, and thrown again when GnuTLS has returned.
 */
export function callbacksFor(live: ReadonlyMap<number, GnuTlsEngine>): CallbackPointers {
  const flights = new ReplayMemory();
  const guarded = (session: number, refusal: number, body: (engine: GnuTlsEngine) => number): number => {
    const engine = live.get(session);
    if (engine === undefined) return refusal;
    try {
      return body(engine);
    } catch (error) {
      engine.noteCallbackError(error);
      return refusal;
    }
  };
  return {
    push: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, from = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.push(from, length)),
    ),
    pull: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, to = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.pull(to, length)),
    ),
    verify: callback("int", ["uintptr_t"], (session = 0) =>
      guarded(session, errors.certificate, (engine) => engine.verify()),
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
    keyLog: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, label = 0, secret = 0) =>
      guarded(session, -1, (engine) => {
        engine.noteSecret(label, secret);
        return 0;
      }),
    ),
    findKey: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, identity = 0, key = 0) =>
      guarded(session, -1, (engine) => (engine.findKey(identity, key) ? 0 : -1)),
    ),
    staple: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, ...[, response = 0]) =>
      guarded(session, errors.noCertificateStatus, (engine) => engine.staple(response)),
    ),
    noteFlight: callback(
      "int",
      ["uintptr_t", "int64_t", "uintptr_t", "uintptr_t"],
      (_memory, expires = 0, ...[key = 0]) => {
        try {
          return flights.add(readDatumAt(key).toString("latin1"), expires, Date.now() / 1_000) ? 0 : errors.entryExists;
        } catch {
          return errors.entryExists;
        }
      },
    ),
    message: callback(
      "int",
      ["uintptr_t", "unsigned int", "unsigned int", "unsigned int", "uintptr_t"],
      (session = 0, type = 0) => guarded(session, -1, (engine) => (engine.noteMessage(type) ? 0 : -1)),
    ),
  };
}
