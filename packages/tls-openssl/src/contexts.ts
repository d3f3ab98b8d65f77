import { createPrivateKey, hkdfSync, X509Certificate } from "node:crypto";
import { DEFAULT_CIPHERS } from "node:tls";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity, TlsVersion } from "@fairlead/tls";
import {
  leases,
  opensslCiphers,
  opensslGroups,
  unsupportedAlgorithms,
  type EngineClientOptions,
  type EngineServerOptions,
  type Lease,
} from "@fairlead/tls/engine";
import { addressOf, cString, type OpenSsl } from "./library.ts";

/** SSL_CTXs made once for the same inputs: with all of Node's roots one costs some ms. */
export interface OpenSslContexts {
  /** @throws UsageError OPTION_INVALID */
  forClient(options: EngineClientOptions): Lease<number>;
  /** @throws UsageError OPTION_INVALID */
  forServer(options: EngineServerOptions): Lease<number>;
}

/** C functions that OpenSSL calls for every context. */
export interface ContextCallbacks {
  readonly newSession: bigint;
  readonly verify: bigint;
  readonly selectAlpn: bigint;
}

/** Keeps the 32 contexts that were used last. */
export function openSslContexts(openssl: OpenSsl, callbacks: ContextCallbacks): OpenSslContexts {
  const kept = leases<number>(32, (context) => openssl.SSL_CTX_free(context));
  return {
    forClient({ anchors, identity, ...settings }) {
      const chain = [identity?.certificate, identity?.privateKey];
      // A frozen list does not change, so it is compared as one.
      const trusted: readonly unknown[] = Object.isFrozen(anchors) ? [anchors] : anchors;
      return kept.lease(["client", ...settingsInputs(settings), ...chain, ...trusted], () =>
        create(openssl, openssl.TLS_client_method(), { ...settings, identity }, (context) => {
          openssl.SSL_CTX_set_verify(context, verifyPeer, 0);
          openssl.SSL_CTX_set_cert_verify_callback(context, callbacks.verify, 0);
          trust(openssl, context, anchors);
          openssl.SSL_CTX_ctrl(context, control.sessionCacheMode, cacheClient | cacheNotInside, null);
          openssl.SSL_CTX_sess_set_new_cb(context, callbacks.newSession);
        }),
      );
    },
    forServer({ identity, ticketKeys, ...settings }) {
      const keys = ticketKeys && Buffer.from(ticketKeys);
      const inputs = [identity?.certificate, identity?.privateKey, keys?.toString("latin1")];
      return kept.lease(["server", ...settingsInputs(settings), ...inputs], () =>
        create(openssl, openssl.TLS_server_method(), { ...settings, identity }, (context) => {
          // Tickets only: what the server remembers itself would grow with every connection.
          openssl.SSL_CTX_ctrl(context, control.sessionCacheMode, cacheOff, null);
          openssl.SSL_CTX_set_alpn_select_cb(context, callbacks.selectAlpn, 0);
          if (keys !== undefined) shareTickets(openssl, context, keys);
        }),
      );
    },
  };
}

type Settings = Pick<EngineClientOptions, "minVersion" | "maxVersion" | "groups" | "ciphers">;

function settingsInputs({ minVersion, maxVersion, groups, ciphers }: Settings): readonly unknown[] {
  return [minVersion, maxVersion, groups?.join(), ciphers?.join()];
}

interface ContextInputs extends Settings {
  readonly identity: TlsIdentity | undefined;
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
    // What Node offers for TLS 1.2; the suites of TLS 1.3 are OpenSSL's own, in its order.
    const ciphers = DEFAULT_CIPHERS.split(":").filter((name) => !name.startsWith("TLS_"));
    openssl.SSL_CTX_set_cipher_list(context, cString(ciphers.join(":")));
    choose(openssl, context, inputs);
    if (inputs.identity !== undefined) identify(openssl, context, inputs.identity);
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
function choose(openssl: OpenSsl, context: number, { groups, ciphers }: Settings): void {
  if (groups !== undefined) {
    const names = cString(opensslGroups(groups));
    if (openssl.SSL_CTX_ctrl(context, control.groups, 0, names) !== 1) {
      throw unsupportedAlgorithms("openssl", "groups", groups);
    }
  }
  if (ciphers === undefined) return;
  const { suites, list } = opensslCiphers(ciphers);
  const taken =
    openssl.SSL_CTX_set_ciphersuites(context, cString(suites)) === 1 &&
    openssl.SSL_CTX_set_cipher_list(context, cString(list)) === 1;
  if (!taken) throw unsupportedAlgorithms("openssl", "ciphers", ciphers);
}

function trust(openssl: OpenSsl, context: number, anchors: readonly string[]): void {
  const store = openssl.SSL_CTX_get_cert_store(context);
  for (const pem of anchors) {
    withCertificate(openssl, new X509Certificate(pem).raw, (certificate) =>
      openssl.X509_STORE_add_cert(store, certificate),
    );
  }
}

/** Node's parsers read the PEM: they neither ask a terminal for a password nor take half of a file. */
function identify(openssl: OpenSsl, context: number, { certificate, privateKey }: TlsIdentity): void {
  const blocks = certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  let key = 0;
  try {
    blocks.forEach((block, index) =>
      withCertificate(openssl, new X509Certificate(block).raw, (each) =>
        index === 0
          ? openssl.SSL_CTX_use_certificate(context, each)
          : openssl.SSL_CTX_ctrl(context, control.chainCertificate, copy, each === 0 ? null : each),
      ),
    );
    const der = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
    try {
      key = openssl.d2i_AutoPrivateKey(0, [addressOf(der)], der.length);
    } finally {
      der.fill(0);
    }
    if (key === 0 || openssl.SSL_CTX_use_PrivateKey(context, key) !== 1) throw new Error("the key is not usable");
    if (openssl.SSL_CTX_check_private_key(context) !== 1) throw new Error("the key is another certificate's");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "the key does not fit";
    throw new UsageError("OPTION_INVALID", {
      detail: `identity: ${code}`,
      remedy: "give the certificate and its own private key as PEM",
      cause,
    });
  } finally {
    if (key !== 0) openssl.EVP_PKEY_free(key);
  }
}

function withCertificate(openssl: OpenSsl, der: Buffer, use: (certificate: number) => number): void {
  const certificate = openssl.d2i_X509(0, [addressOf(der)], der.length);
  if (certificate === 0) throw new UsageError("OPTION_INVALID", { detail: "a certificate that OpenSSL cannot read" });
  try {
    use(certificate);
  } finally {
    openssl.X509_free(certificate);
  }
}

/** OpenSSL wants 80 bytes; 48 hold as much entropy. */
function shareTickets(openssl: OpenSsl, context: number, keys: Buffer): void {
  if (keys.length !== 48) {
    throw new UsageError("OPTION_INVALID", { detail: "ticketKeys", remedy: "give 48 bytes of ticket keys" });
  }
  const derived = Buffer.from(hkdfSync("sha256", keys, "", "fairlead openssl ticket keys", 80));
  openssl.SSL_CTX_ctrl(context, control.ticketKeys, derived.length, derived);
  derived.fill(0);
}

// OpenSSL, include/openssl/ssl.h.in
const control = {
  mode: 33,
  sessionCacheMode: 44,
  ticketKeys: 59,
  chainCertificate: 89,
  groups: 92,
  minVersion: 123,
  maxVersion: 124,
} as const;
const copy = 1;
const versionNumbers: Readonly<Record<TlsVersion, number>> = { "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 };
const verifyPeer = 1;
const cacheOff = 0;
const cacheClient = 1;
const cacheNotInside = 0x300;
/** Moving write buffers, auto retry, buffers released while idle. */
const modes = 0x2 | 0x4 | 0x10;
/** No compression, the server's order of ciphers, no renegotiation. */
const options = 0x20000 | 0x400000 | 0x40000000;
