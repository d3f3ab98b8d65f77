import {
  type EngineServerOptions,
  type NativeMemory,
  PlaintextSlab,
  slabPool,
  type TlsEngineLibrary,
  type TlsFeature,
} from "@fairlead/tls/engine";
import { gnuTlsCallbacks } from "./callbacks.ts";
import { type CredentialStore, credentialStore } from "./credentials.ts";
import { GnuTlsEngine, type GnuTlsShared } from "./gnutls-engine.ts";
import { addressOf, bindGnuTls, cString, has64BitPointers, readString } from "./library.ts";
import { priorities, type PrioritySettings } from "./priorities.ts";
import { serverPsk as allocateServerPsk } from "./psk.ts";
import { replayMemory as allocateReplayMemory } from "./replay-memory.ts";

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
  const callbacks = gnuTlsCallbacks(live);
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
  const priorityOf = priorities(gnutls);
  let keyCredentials: number | undefined;
  let replayMemory: number | undefined;
  const common = {
    serverPsk: () => (keyCredentials ??= allocateServerPsk(gnutls, callbacks.findKey)),
    replays: () => (replayMemory ??= allocateReplayMemory(gnutls, callbacks.noteFlight)),
  };
  const withCredentials = (store: CredentialStore): TlsEngineLibrary & { readonly live: typeof live } => ({
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
  });
  return {
    ...withCredentials(credentialStore(gnutls, callbacks)),
    apart() {
      const store = credentialStore(gnutls, callbacks);
      return { ...withCredentials(store), forget: () => store.forget() };
    },
  };
}

function pskOf({ psk, identity }: EngineServerOptions): PrioritySettings["psk"] {
  if (psk === undefined) return "none";
  return identity === undefined ? "only" : "also";
}
