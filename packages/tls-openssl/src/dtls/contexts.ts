import { X509Certificate } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "@fairlead/tls";
import type { DatagramClientOptions, DatagramServerOptions, DtlsCipherSuite } from "@fairlead/tls/datagram";
import { leases, type Lease } from "@fairlead/tls/engine";
import { shareTickets, trust } from "../contexts.ts";
import { identifyContext, withCertificate } from "../identity.ts";
import { callback, cString, type OpenSsl } from "../library.ts";
import { securityParameters, type OpenSslDtls } from "./functions.ts";

/** SSL_CTXs made once for the same inputs. */
export interface DtlsContexts {
  /** @throws UsageError OPTION_INVALID */
  forClient(options: DatagramClientOptions): Lease<number>;
  /** @throws UsageError OPTION_INVALID */
  forServer(options: DatagramServerOptions): Lease<number>;
}

/** C functions that OpenSSL calls for every context. */
export interface DtlsContextCallbacks {
  readonly selectAlpn: bigint;
  readonly verify: bigint;
  readonly makeCookie: bigint;
  readonly verifyCookie: bigint;
  readonly clientKey: bigint;
  readonly serverKey: bigint;
}

/** Keeps the 32 contexts that were used last. Keys that are shared with peers are no part of them. */
export function dtlsContexts(openssl: OpenSsl, dtls: OpenSslDtls, callbacks: DtlsContextCallbacks): DtlsContexts {
  const kept = leases<number>(32, (context) => openssl.SSL_CTX_free(context));
  let security: bigint | undefined;
  const create = (
    method: number,
    inputs: { readonly cipherSuites: readonly DtlsCipherSuite[]; readonly identity: TlsIdentity | undefined },
    set: (context: number) => void,
  ): number => {
    const context = openssl.SSL_CTX_new(method);
    if (context === 0) throw new Error("OpenSSL: SSL_CTX_new failed");
    try {
      openssl.SSL_CTX_ctrl(context, control.minVersion, dtls12, null);
      openssl.SSL_CTX_ctrl(context, control.maxVersion, dtls12, null);
      openssl.SSL_CTX_set_options(context, options);
      openssl.SSL_CTX_ctrl(context, control.mode, releaseBuffers, null);
      openssl.SSL_CTX_ctrl(context, control.sessionCacheMode, 0, null);
      setCiphers(openssl, context, inputs.cipherSuites);
      security ??= allowNamedCiphers(dtls.defaultSecurity(context));
      dtls.SSL_CTX_set_security_callback(context, security);
      if (inputs.identity !== undefined) identifyContext(openssl, context, inputs.identity);
      set(context);
      return context;
    } catch (error) {
      openssl.SSL_CTX_free(context);
      throw error;
    } finally {
      openssl.ERR_clear_error();
    }
  };
  return {
    forClient({ anchors, identity, cipherSuites, psk }) {
      const chain = [identity?.certificate, identity?.privateKey];
      // A frozen list does not change, so it is compared as one.
      const trusted: readonly unknown[] = Object.isFrozen(anchors) ? [anchors] : anchors;
      const inputs = ["client", psk !== undefined, cipherSuites.join(), ...chain, ...trusted];
      return kept.lease(inputs, () =>
        create(dtls.DTLS_client_method(), { cipherSuites, identity }, (context) => {
          openssl.SSL_CTX_set_verify(context, verifyPeer, 0);
          openssl.SSL_CTX_set_cert_verify_callback(context, callbacks.verify, 0);
          trust(openssl, context, anchors);
          if (psk === undefined) return;
          dtls.SSL_CTX_set_psk_client_callback(context, callbacks.clientKey);
          openssl.SSL_CTX_set_options(context, noTickets);
        }),
      );
    },
    forServer({ identity, clientCertificates, cipherSuites, psk, tickets }) {
      const keys = tickets.type === "given" && tickets.keys ? Buffer.from(tickets.keys) : undefined;
      const chain = [identity?.certificate, identity?.privateKey];
      const asked = clientCertificates ? [clientCertificates.required, ...clientCertificates.anchors] : [];
      const given = [tickets.type, keys?.toString("latin1")];
      const inputs = ["server", psk !== undefined, cipherSuites.join(), ...given, ...chain, ...asked];
      return kept.lease(inputs, () =>
        create(dtls.DTLS_server_method(), { cipherSuites, identity }, (context) => {
          openssl.SSL_CTX_set_alpn_select_cb(context, callbacks.selectAlpn, 0);
          dtls.SSL_CTX_set_cookie_generate_cb(context, callbacks.makeCookie);
          dtls.SSL_CTX_set_cookie_verify_cb(context, callbacks.verifyCookie);
          if (psk !== undefined) dtls.SSL_CTX_set_psk_server_callback(context, callbacks.serverKey);
          if (tickets.type === "none") openssl.SSL_CTX_set_options(context, noTickets);
          if (keys !== undefined) shareTickets(openssl, context, keys, "fairlead openssl datagram ticket keys");
          if (clientCertificates === undefined) return;
          const { anchors, required } = clientCertificates;
          openssl.SSL_CTX_set_verify(context, verifyPeer | (required ? failWithoutCertificate : 0), 0);
          trust(openssl, context, anchors);
          for (const pem of anchors) {
            const { raw } = new X509Certificate(pem);
            withCertificate(openssl, raw, (each) => openssl.SSL_CTX_add_client_CA(context, each));
          }
        }),
      );
    },
  };
}

function setCiphers(openssl: OpenSsl, context: number, suites: readonly DtlsCipherSuite[]): void {
  const names = suites.map((suite) => cipherNames[suite]);
  if (openssl.SSL_CTX_set_cipher_list(context, cString(names.join(":"))) === 1) return;
  throw new UsageError("OPTION_INVALID", { detail: `cipherSuites: OpenSSL has none of ${suites.join(", ")}` });
}

/**
 * OpenSSL takes the short tags of CCM_8 for weak from 3.2 on, and would have the whole level of security lowered for
 * them, keys and hashes included. The suites were named one by one, so these alone are allowed; in everything else
 * OpenSSL's own rule decides.
 */
function allowNamedCiphers(otherwise: (...values: readonly number[]) => number): bigint {
  return callback(securityParameters, (...values) => {
    try {
      const [, , operation = 0] = values;
      return (operation & 0xffff_0000) === securityOfCipher ? 1 : otherwise(...values);
    } catch {
      return 0;
    }
  });
}

/** The registered names in OpenSSL's own. */
const cipherNames: Readonly<Record<DtlsCipherSuite, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM: "ECDHE-ECDSA-AES128-CCM",
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8: "ECDHE-ECDSA-AES128-CCM8",
  TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-PSK-CHACHA20-POLY1305",
  TLS_PSK_WITH_AES_128_GCM_SHA256: "PSK-AES128-GCM-SHA256",
  TLS_PSK_WITH_AES_256_GCM_SHA384: "PSK-AES256-GCM-SHA384",
  TLS_PSK_WITH_CHACHA20_POLY1305_SHA256: "PSK-CHACHA20-POLY1305",
  TLS_PSK_WITH_AES_128_CCM: "PSK-AES128-CCM",
  TLS_PSK_WITH_AES_128_CCM_8: "PSK-AES128-CCM8",
};

// OpenSSL, include/openssl/ssl.h.in
const control = { mode: 33, sessionCacheMode: 44, minVersion: 123, maxVersion: 124 } as const;
const dtls12 = 0xfefd;
const verifyPeer = 1;
const failWithoutCertificate = 2;
const releaseBuffers = 0x10;
/** SSL_SECOP_OTHER_CIPHER */
const securityOfCipher = 0x1_0000;
const noTickets = 0x4000;
/** No MTU from the BIO, no compression, the server's order of ciphers, no renegotiation. */
const options = 0x1000 | 0x20000 | 0x400000 | 0x40000000;
