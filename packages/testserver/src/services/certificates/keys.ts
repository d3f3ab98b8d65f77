import type { TlsOptions } from "node:tls";
import { goodNames } from "../../authority/authorities.ts";
import { mintAuthority, mintCertificate } from "../../authority/authority.ts";
import { generateRsaKeysWithExponent3, type KeyAlgorithm } from "../../authority/keys.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";

/** What OpenSSL takes for weak may be shown. */
const weak: TlsOptions = { ciphers: "DEFAULT:@SECLEVEL=0" };

/** Keys of every kind, and signatures that nobody should make any more. */
export const keyServices = serviceFamily("certificate-keys", "show a certificate with a key or signature of one kind", [
  keyed("https-rsa-512", "shows an RSA key of 512 bits, which was broken in 1999, by TLS 1.2", "RSA-512", {
    maxVersion: "TLSv1.2",
    ciphers: "DEFAULT:@SECLEVEL=0",
  }),
  keyed("https-rsa-1024", "shows an RSA key of 1024 bits, which is too weak", "RSA-1024"),
  keyed("https-rsa-2048", "shows an RSA key of 2048 bits", "RSA-2048"),
  keyed("https-rsa-3072", "shows an RSA key of 3072 bits", "RSA-3072"),
  keyed("https-rsa-4096", "shows an RSA key of 4096 bits", "RSA-4096"),
  keyed("https-rsa-8192", "shows an RSA key of 8192 bits", "RSA-8192"),
  keyed("https-rsa-16384", "shows an RSA key of 16,384 bits, the most that OpenSSL takes", "RSA-16384"),
  httpsService({
    name: "https-rsa-exponent-3",
    does: "shows an RSA key of 2048 bits whose public exponent is 3",
    mint: async ({ intermediate }, now) => {
      const key = await generateRsaKeysWithExponent3(2048);
      return await mintCertificate({ issuer: intermediate, names: goodNames, key, now });
    },
  }),
  keyed("https-rsa-pss", "shows an RSA key that signs by PSS alone", "RSA-PSS-2048"),
  keyed("https-p256", "shows an ECDSA key on P-256", "P-256"),
  keyed("https-p384", "shows an ECDSA key on P-384", "P-384"),
  keyed("https-p521", "shows an ECDSA key on P-521", "P-521"),
  keyed(
    "https-secp256k1",
    "shows an ECDSA key on secp256k1, for clients of TLS 1.2 that offer the curve",
    "secp256k1",
    {
      maxVersion: "TLSv1.2",
      ecdhCurve: "X25519:prime256v1:secp256k1",
    },
  ),
  keyed(
    "https-brainpool",
    "shows an ECDSA key on brainpoolP256r1, for clients of TLS 1.2 that offer the curve",
    "brainpoolP256r1",
    { maxVersion: "TLSv1.2", ecdhCurve: "X25519:prime256v1:brainpoolP256r1" },
  ),
  keyed("https-ed25519", "shows an Ed25519 key", "Ed25519"),
  keyed("https-ed448", "shows an Ed448 key", "Ed448"),
  httpsService({
    name: "https-ecdsa-or-rsa",
    does: "shows an ECDSA or an RSA certificate, whichever the client's signature algorithms allow",
    mint: async ({ intermediate }, now) => {
      const second = await mintCertificate({ issuer: intermediate, names: goodNames, key: "RSA-2048", now });
      return { ...(await mintCertificate({ issuer: intermediate, names: goodNames, now })), second };
    },
  }),
  httpsService({
    name: "https-sha1",
    does: "shows a certificate that is signed with SHA-1",
    tls: () => weak,
    mint: ({ intermediate }, now) => mintCertificate({ issuer: intermediate, names: goodNames, hash: "sha1", now }),
  }),
  httpsService({
    name: "https-sha1-intermediate",
    does: "shows a good certificate whose intermediate is signed with SHA-1",
    tls: () => weak,
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signed with SHA-1", hash: "sha1", now });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-md5",
    does: "shows a certificate that is signed with MD5",
    tls: () => weak,
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signs with MD5", key: "RSA-2048", now });
      return await mintCertificate({ issuer, names: goodNames, hash: "md5", now });
    },
  }),
  httpsService({
    name: "https-sha384",
    does: "shows a certificate that a P-384 authority signed with SHA-384",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signs with SHA-384", key: "P-384", now });
      return await mintCertificate({ issuer, names: goodNames, hash: "sha384", now });
    },
  }),
  httpsService({
    name: "https-sha512-rsa",
    does: "shows a certificate that an RSA authority signed with SHA-512",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signs with SHA-512", key: "RSA-2048", now });
      return await mintCertificate({ issuer, names: goodNames, hash: "sha512", now });
    },
  }),
  httpsService({
    name: "https-rsa-pss-signature",
    does: "shows a certificate that is signed by RSA-PSS",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signs by PSS", key: "RSA-PSS-2048", now });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-ed25519-signature",
    does: "shows a certificate that is signed by Ed25519",
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Signs by Ed25519", key: "Ed25519", now });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
  httpsService({
    name: "https-weak-intermediate",
    does: "shows a good certificate whose intermediate has an RSA key of 1024 bits",
    tls: () => weak,
    mint: async ({ root }, now) => {
      const issuer = await mintAuthority({ issuer: root, commonName: "Weak", key: "RSA-1024", now });
      return await mintCertificate({ issuer, names: goodNames, now });
    },
  }),
]);

function keyed<const Name extends string>(
  name: Name,
  does: string,
  key: KeyAlgorithm,
  tls: TlsOptions = weak,
): StreamServiceEntry<Name> {
  return httpsService({
    name,
    does,
    tls: () => tls,
    mint: ({ intermediate }, now) => mintCertificate({ issuer: intermediate, names: goodNames, key, now }),
  });
}
