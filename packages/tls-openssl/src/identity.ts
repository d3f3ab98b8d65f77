import { createPrivateKey, X509Certificate } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "@fairlead/tls";
import { addressOf, type OpenSsl } from "./library.ts";

/**
 * Gives every connection of a context this certificate.
 *
 * @throws UsageError OPTION_INVALID
 */
export function identifyContext(openssl: OpenSsl, context: number, identity: TlsIdentity): void {
  identify(openssl, identity, {
    useLeaf: (certificate) => openssl.SSL_CTX_use_certificate(context, certificate),
    addIssuer: (certificate) => openssl.SSL_CTX_ctrl(context, chainCertificate, copy, certificate),
    useKey: (key) => openssl.SSL_CTX_use_PrivateKey(context, key),
    check: () => openssl.SSL_CTX_check_private_key(context),
  });
}

/**
 * Gives one connection this certificate; others of its context do not see it.
 *
 * @throws UsageError OPTION_INVALID
 */
export function identifyConnection(openssl: OpenSsl, ssl: number, identity: TlsIdentity): void {
  identify(openssl, identity, {
    useLeaf: (certificate) => openssl.SSL_use_certificate(ssl, certificate),
    addIssuer: (certificate) => openssl.SSL_ctrl(ssl, chainCertificate, copy, certificate),
    useKey: (key) => openssl.SSL_use_PrivateKey(ssl, key),
    check: () => openssl.SSL_check_private_key(ssl),
  });
}

/** Lends a certificate of OpenSSL's, made of DER; it is freed when `use` returns. */
export function withCertificate(openssl: OpenSsl, der: Buffer, use: (certificate: number) => number): void {
  const certificate = openssl.d2i_X509(0, [addressOf(der)], der.length);
  if (certificate === 0) throw new UsageError("OPTION_INVALID", { detail: "a certificate that OpenSSL cannot read" });
  try {
    use(certificate);
  } finally {
    openssl.X509_free(certificate);
  }
}

/** Whom a certificate is given to; each returns what OpenSSL's function does. */
interface Holder {
  readonly useLeaf: (certificate: number) => number;
  readonly addIssuer: (certificate: number) => number;
  readonly useKey: (key: number) => number;
  readonly check: () => number;
}

/** Node's parsers read the PEM: they neither ask a terminal for a password nor take half of a file. */
function identify(openssl: OpenSsl, { certificate, privateKey }: TlsIdentity, holder: Holder): void {
  const blocks = certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  let key = 0;
  try {
    blocks.forEach((block, index) =>
      withCertificate(openssl, new X509Certificate(block).raw, index === 0 ? holder.useLeaf : holder.addIssuer),
    );
    const der = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
    try {
      key = openssl.d2i_AutoPrivateKey(0, [addressOf(der)], der.length);
    } finally {
      der.fill(0);
    }
    if (key === 0 || holder.useKey(key) !== 1) throw new Error("the key is not usable");
    if (holder.check() !== 1) throw new Error("the key is another certificate's");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "the key does not fit";
    throw new UsageError("OPTION_INVALID", {
      detail: `identity: ${code}`,
      remedy: "give the certificate and its own private key as PEM",
      cause,
    });
  } finally {
    if (key !== 0) openssl.EVP_PKEY_free(key);
    openssl.ERR_clear_error();
  }
}

// OpenSSL, include/openssl/ssl.h.in
const chainCertificate = 89;
const copy = 1;
