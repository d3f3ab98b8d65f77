import type { AvailableBackend, OfferedTls } from "@fairlead/widgets/tls-settings";

/** As `fairlead tls capabilities --json` tells of a machine with three backends, and one that cannot be loaded. */
export const offered: OfferedTls = {
  backends: [
    {
      name: "node",
      available: true,
      library: { name: "OpenSSL", version: "3.5.8" },
      canAskForIdentity: false,
      capabilities: {
        versions: ["TLSv1.2", "TLSv1.3"],
        groups: [
          "X25519MLKEM768",
          "SecP256r1MLKEM768",
          "SecP384r1MLKEM1024",
          "x25519",
          "x448",
          "secp256r1",
          "secp384r1",
          "secp521r1",
          "ffdhe2048",
          "ffdhe3072",
        ],
        ciphers: ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305", "AES_128_CCM"],
        earlyData: false,
        keyLog: true,
      },
    },
    {
      name: "gnutls",
      available: true,
      library: { name: "GnuTLS", version: "3.7.9" },
      canAskForIdentity: true,
      capabilities: {
        versions: ["TLSv1.2", "TLSv1.3"],
        groups: ["x25519", "x448", "secp256r1", "secp384r1", "secp521r1", "ffdhe2048", "ffdhe3072"],
        ciphers: ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305", "AES_128_CCM", "AES_128_CCM_8"],
        earlyData: true,
        keyLog: true,
      },
    },
    {
      name: "old",
      available: true,
      library: { name: "Old", version: "1" },
      canAskForIdentity: false,
      capabilities: {
        versions: ["TLSv1.2"],
        groups: ["secp256r1", "ffdhe2048"],
        ciphers: ["AES_128_GCM"],
        earlyData: false,
        keyLog: false,
      },
    },
    { name: "openssl", available: false, reason: "libssl.so.3 is not there" },
  ],
  authorities: [
    { fingerprint: "a1".repeat(32), subject: "CN=Test Authority", notAfter: "2030-01-01T00:00:00Z" },
    { fingerprint: "b2".repeat(32), subject: "CN=Office Authority", notAfter: "2031-01-01T00:00:00Z" },
  ],
  identities: [{ fingerprint: "c3".repeat(32), subject: "CN=Alice", notAfter: "2027-06-01T00:00:00Z" }],
};

/** One of them by name. */
export function backendOf(name: string): AvailableBackend {
  const found = offered.backends.find((each): each is AvailableBackend => each.available && each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
