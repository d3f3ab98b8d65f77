import { createHash, hkdfSync, X509Certificate } from "node:crypto";
import { DEFAULT_CIPHERS } from "node:tls";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity, TlsVersion } from "@fairlead/tls";
import {
  leases,
  opensslCiphers,
  opensslGroups,
  opensslPskCiphers,
  unsupportedAlgorithms,
  withPskCiphers,
  type EngineClientCertificates,
  type EngineClientOptions,
  type EngineServerOptions,
  type Lease,
} from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { identifyContext, withCertificate } from "./identity.ts";
import { cString, type OpenSsl } from "./library.ts";

/** SSL_CTXs made once for the same inputs: with all of Node's roots one costs some ms. */
export interface OpenSslContexts {
  /** @throws UsageError OPTION_INVALID */
  forClient(options: EngineClientOptions): Lease<number>;
  /** @throws UsageError OPTION_INVALID */
  forServer(options: EngineServerOptions): Lease<number>;
  /** Keeps none of them any more. */
  forget(): void;
}

/** Keeps the 32 contexts that were used last. */
export function openSslContexts(openssl: OpenSsl, callbacks: CallbackPointers): OpenSslContexts {
  const { keyLog } = callbacks;
  const kept = leases<number>(32, (context) => openssl.SSL_CTX_free(context));
  return {
    forget: () => kept.forget(),
    forClient({ anchors, identity, psk, ...others }) {
      const settings = { ...others, ...(psk && clientByKey) };
      const inputs = [...settingsInputs(settings), identity?.certificate, identity?.privateKey];
      return kept.lease(["client", ...inputs, ...comparable(anchors)], () =>
        create(openssl, openssl.TLS_client_method(), { ...settings, identity, keyLog }, (context) => {
          openssl.SSL_CTX_set_verify(context, verifyPeer, 0);
          openssl.SSL_CTX_set_cert_verify_callback(context, callbacks.verify, 0);
          trust(openssl, context, anchors);
          openssl.SSL_CTX_ctrl(context, control.sessionCacheMode, cacheClient | cacheNotInside, null);
          openssl.SSL_CTX_sess_set_new_cb(context, callbacks.newSession);
        }),
      );
    },
    forServer({ identity, ticketKeys, clientCertificates, maxEarlyBytes, psk, ...others }) {
      const settings = { ...others, ...(psk && serverWithKeys) };
      const keys = ticketKeys && Buffer.from(ticketKeys);
      const inputs = [
        ...[...settingsInputs(settings), identity?.certificate, identity?.privateKey, keys?.toString("latin1")],
        maxEarlyBytes > 0,
        ...(clientCertificates ? [clientCertificates.rules, ...comparable(clientCertificates.anchors)] : []),
      ];
      return kept.lease(["server", ...inputs], () =>
        create(openssl, openssl.TLS_server_method(), { ...settings, identity, keyLog }, (context) => {
          // Tickets only: what the server remembers itself would grow with every connection. A ticket for early data is
          // good once, so those are remembered, and the oldest forgotten.
          openssl.SSL_CTX_ctrl(context, control.sessionCacheMode, maxEarlyBytes > 0 ? cacheServer : cacheOff, null);
          openssl.SSL_CTX_ctrl(context, control.sessionCacheSize, maxRemembered, null);
          openssl.SSL_CTX_set_alpn_select_cb(context, callbacks.selectAlpn, 0);
          openssl.SSL_CTX_callback_ctrl(context, control.statusCallback, callbacks.staple);
          // What is known by a key is asked for that key each time.
          if (psk !== undefined) {
            openssl.SSL_CTX_set_options(context, noTickets);
            openssl.SSL_CTX_set_num_tickets(context, 0);
          }
          if (clientCertificates !== undefined) askClients(openssl, context, callbacks, clientCertificates);
          if (keys !== undefined) shareTickets(openssl, context, keys, "fairlead openssl ticket keys");
        }),
      );
    },
  };
}

type Settings = Pick<EngineClientOptions, "minVersion" | "maxVersion" | "groups" | "ciphers" | "keepsKeyLog"> & {
  /** What is offered where nobody names ciphers. */
  readonly offered?: { readonly suites: string; readonly list: string };
};

function settingsInputs({ groups, ciphers, offered, ...settings }: Settings): readonly unknown[] {
  const { minVersion, maxVersion, keepsKeyLog } = settings;
  return [minVersion, maxVersion, groups?.join(), ciphers?.join(), offered, keepsKeyLog];
}

interface ContextInputs extends Settings {
  readonly identity: TlsIdentity | undefined;
  readonly keyLog: bigint;
}

function create(openssl: OpenSsl, method: number, inputs: ContextInputs, set: (context: number) => void): number {
  const context = openssl.SSL_CTX_new(method);
  if (context === 0) throw new Error("OpenSSL: SSL_CTX_new failed");
  try {
    openssl.SSL_CTX_ctrl(context, control.minVersion, versionNumbers[inputs.minVersion], null);
    openssl.SSL_CTX_ctrl(context, control.maxVersion, versionNumbers[inputs.maxVersion], null);
    openssl.SSL_CTX_set_options(context, options);
    // Without partial writes one SSL_write encrypts whatever it is given.
    openssl.SSL_CTX_ctrl(context, control.mode, modes, null);
    choose(openssl, context, inputs);
    if (inputs.identity !== undefined) identifyContext(openssl, context, inputs.identity);
    if (inputs.keepsKeyLog) openssl.SSL_CTX_set_keylog_callback(context, inputs.keyLog);
    set(context);
    return context;
  } catch (error) {
    openssl.SSL_CTX_free(context);
    throw error;
  } finally {
    openssl.ERR_clear_error();
  }
}

/** @throws TlsError TLS_OPTION_UNSUPPORTED */
function choose(openssl: OpenSsl, context: number, { groups, ciphers, offered = byDefault }: Settings): void {
  if (groups !== undefined) {
    const names = cString(opensslGroups(groups));
    if (openssl.SSL_CTX_ctrl(context, control.groups, 0, names) !== 1) {
      throw unsupportedAlgorithms("openssl", "groups", groups);
    }
  }
  const { suites, list } = ciphers === undefined ? offered : opensslCiphers(ciphers);
  const taken =
    openssl.SSL_CTX_set_ciphersuites(context, cString(suites)) === 1 &&
    openssl.SSL_CTX_set_cipher_list(context, cString(list)) === 1;
  if (!taken) throw unsupportedAlgorithms("openssl", "ciphers", ciphers ?? []);
}

/** A frozen list does not change, so it is compared as one. */
function comparable(anchors: readonly string[]): readonly unknown[] {
  return Object.isFrozen(anchors) ? [anchors] : anchors;
}

function askClients(
  openssl: OpenSsl,
  context: number,
  callbacks: CallbackPointers,
  { anchors, rules }: EngineClientCertificates,
): void {
  openssl.SSL_CTX_set_verify(context, verifyPeer, 0);
  openssl.SSL_CTX_set_cert_verify_callback(context, callbacks.verify, 0);
  trust(openssl, context, anchors);
  for (const pem of anchors) {
    withCertificate(openssl, new X509Certificate(pem).raw, (each) => openssl.SSL_CTX_add_client_CA(context, each));
  }
  // A session in which a client was let in under other rules is not resumed under these.
  const name = createHash("sha256").update(rules).digest();
  openssl.SSL_CTX_set_session_id_context(context, name, name.length);
  // Tickets are given out when the client has been let in; the alert that refuses one is made in their place.
  openssl.SSL_CTX_set_num_tickets(context, 0);
  openssl.SSL_CTX_add_custom_ext(context, unusedExtension, inTickets, callbacks.extendTicket, 0, 0, 0, 0);
}

/** Has certificates end in these. */
export function trust(openssl: OpenSsl, context: number, anchors: readonly string[]): void {
  const store = openssl.SSL_CTX_get_cert_store(context);
  for (const pem of anchors) {
    withCertificate(openssl, new X509Certificate(pem).raw, (certificate) =>
      openssl.X509_STORE_add_cert(store, certificate),
    );
  }
}

/** Has tickets of one purpose encrypted by these keys. OpenSSL wants 80 bytes; 48 hold as much entropy. */
export function shareTickets(openssl: OpenSsl, context: number, keys: Buffer, purpose: string): void {
  if (keys.length !== 48) {
    throw new UsageError("OPTION_INVALID", { detail: "ticketKeys", remedy: "give 48 bytes of ticket keys" });
  }
  const derived = Buffer.from(hkdfSync("sha256", keys, "", purpose, 80));
  openssl.SSL_CTX_ctrl(context, control.ticketKeys, derived.length, derived);
  derived.fill(0);
}

/** What Node offers. */
const ciphers12 = DEFAULT_CIPHERS.split(":")
  .filter((name) => !name.startsWith("TLS_"))
  .join(":");
const byDefault = {
  suites: "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
  list: ciphers12,
};
// OpenSSL binds a shared key to SHA-256, so that a server must prefer it, and a client cannot do with another.
const clientByKey = {
  offered: { suites: "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256", list: opensslPskCiphers },
};
const serverWithKeys = {
  offered: {
    suites: "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384",
    list: withPskCiphers(ciphers12),
  },
};

// OpenSSL, include/openssl/ssl.h.in
const control = {
  mode: 33,
  sessionCacheSize: 42,
  sessionCacheMode: 44,
  ticketKeys: 59,
  statusCallback: 63,
  groups: 92,
  minVersion: 123,
  maxVersion: 124,
} as const;
const versionNumbers: Readonly<Record<TlsVersion, number>> = { "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 };
const noTickets = 0x4000;
const verifyPeer = 1;
const cacheOff = 0;
const cacheClient = 1;
const cacheServer = 2;
const maxRemembered = 10_000;
const cacheNotInside = 0x300;
/** Moving write buffers, auto retry, buffers released while idle. */
const modes = 0x2 | 0x4 | 0x10;
/** No compression, the server's order of ciphers, no renegotiation. */
const options = 0x20000 | 0x400000 | 0x40000000;
/** For private use (RFC 8446 section 11), and never sent. */
const unusedExtension = 0xff77;
/** Of TLS 1.3's NewSessionTicket only. */
const inTickets = 0x2020;
