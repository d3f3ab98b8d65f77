import type { StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "./https-service.ts";
import { anySecurity } from "./versions.ts";

/** Services of one family of ciphers each. */
export const cipherServices = [
  cipherService("https-aes128-gcm", "AES-128-GCM", "TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256"),
  cipherService("https-aes256-gcm", "AES-256-GCM", "TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384"),
  cipherService("https-chacha20", "ChaCha20-Poly1305", "TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-CHACHA20-POLY1305"),
  cipherService("https-ccm", "AES-128-CCM", "TLS_AES_128_CCM_SHA256:ECDHE-ECDSA-AES128-CCM"),
  cipherService(
    "https-ccm8",
    "AES-128-CCM with a tag of 8 bytes, as small devices do",
    `TLS_AES_128_CCM_8_SHA256:ECDHE-ECDSA-AES128-CCM8:${anySecurity}`,
  ),
  cipherService("https-camellia", "Camellia in TLS 1.2", "ECDHE-ECDSA-CAMELLIA128-SHA256", "TLSv1.2"),
  cipherService("https-aria", "ARIA in TLS 1.2", "ECDHE-ECDSA-ARIA128-GCM-SHA256", "TLSv1.2"),
  cipherService("https-cbc", "AES-128 in CBC mode with SHA-1", "ECDHE-ECDSA-AES128-SHA", "TLSv1.2"),
  cipherService(
    "https-null",
    "no cipher at all in TLS 1.2: authentic and readable by everyone",
    `ECDHE-ECDSA-NULL-SHA:${anySecurity}`,
    "TLSv1.2",
  ),
  cipherService(
    "https-anonymous",
    "no certificate in TLS 1.2: encrypted with anyone who answers",
    `AECDH-AES128-SHA:${anySecurity}`,
    "TLSv1.2",
  ),
] as const;

/** The pre-shared key of `https-psk`, by its identity; it is no secret, since everybody has to know it. */
export const sharedKey = { identity: "fairlead", key: Buffer.from("666169726c6561642d746573742d6b65", "hex") } as const;

/** Shared keys instead of certificates. */
export const sharedKeyServices = [
  httpsService({
    name: "https-psk",
    does: `knows clients by a shared key: identity fairlead, key ${sharedKey.key.toString("hex")}`,
    example: `openssl s_client -connect {host}:{port} -psk_identity fairlead -psk ${sharedKey.key.toString("hex")}`,
    tls: () => ({
      ciphers: "TLS_AES_128_GCM_SHA256:PSK-AES128-GCM-SHA256",
      pskCallback: (_, identity) => (identity === sharedKey.identity ? sharedKey.key : null),
    }),
  }),
] as const;

function cipherService<const Name extends string>(
  name: Name,
  cipher: string,
  ciphers: string,
  maxVersion: "TLSv1.2" | "TLSv1.3" = "TLSv1.3",
): StreamServiceEntry<Name> {
  return httpsService({ name, does: `speaks ${cipher}, and nothing else`, tls: () => ({ ciphers, maxVersion }) });
}
