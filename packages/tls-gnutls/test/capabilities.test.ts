import { capabilitySuite } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";

capabilitySuite("gnutls", {
  backend: loadGnutlsTls(),
  expression: '(await import("@fairlead/tls-gnutls")).loadGnutlsTls()',
  from: import.meta.dirname,
  expected: {
    versions: ["TLSv1.2", "TLSv1.3"],
    alpn: true,
    tickets: true,
    ticketPersistence: true,
    earlyData: true,
    exporter: true,
    keyUpdate: true,
    psk: true,
    keyLog: true,
    ocspStapling: true,
    clientCertificates: true,
    identityQuestion: true,
    dtls: true,
    ciphers: ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305", "AES_128_CCM", "AES_128_CCM_8"],
  },
  switchedOff: {
    variable: "GNUTLS_SYSTEM_PRIORITY_FILE",
    file: `[overrides]
disabled-version = tls1.3
tls-disabled-cipher = CHACHA20-POLY1305
`,
    left: {
      versions: ["TLSv1.2"],
      keyUpdate: false,
      ciphers: ["AES_256_GCM", "AES_128_GCM", "AES_128_CCM", "AES_128_CCM_8"],
    },
  },
});
