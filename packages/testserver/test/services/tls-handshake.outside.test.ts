import assert from "node:assert/strict";
import { handshakeFaultFamily } from "../../src/services/tls/index.ts";
import { describeServices } from "../describe-services.ts";
import { assertSays, refused, stalled } from "./tls-checks.ts";

const unexpectedPacket = "An unexpected TLS packet was received";
const unexpectedMessage = {
  curl: [35, "unexpected message"],
  gnutls: "An unexpected TLS handshake packet was received",
} as const;
const noSuite = {
  curl: [35, "unknown cipher returned"],
  gnutls: "Could not negotiate a supported cipher suite",
} as const;
const noTls = { curl: [35, "wrong version number"], gnutls: unexpectedPacket } as const;
const illegal = "An illegal parameter has been received";

describeServices(handshakeFaultFamily, {
  "https-garbage": refused(noTls),
  "https-plain-http": refused(noTls),
  "https-ssl2": refused(noTls),
  "https-ssl3": refused({ curl: [35, "unsupported protocol"], gnutls: "illegal or unsupported version" }),
  "https-version-unknown": refused({
    curl: [35, "bad protocol version number"],
    gnutls: "illegal or unsupported version",
  }),
  "https-downgrade": refused({ curl: [35, "inappropriate fallback"], gnutls: illegal }),
  "https-wrong-session-id": refused({ curl: [35, "invalid session id"] }),
  "https-picks-unknown-cipher": refused(noSuite),
  "https-picks-rc4": refused(noSuite),
  "https-picks-export": refused(noSuite),
  "https-picks-3des": refused(noSuite),
  "https-picks-compression": refused({ curl: [35, "compression disabled"], gnutls: illegal }),
  "https-picks-unknown-group": refused({ curl: [35, "bad key share"], gnutls: illegal }),
  "https-zero-key-share": refused({ curl: [35, "failed during derivation"], gnutls: illegal }),
  "https-no-key-share": refused({ curl: [35, "no suitable key share"], gnutls: "An illegal parameter was found" }),
  "https-extension-unasked": {
    by: ["openssl"],
    check: async ({ sClient }) => {
      // OpenSSL 3.0 and GnuTLS 3.7 overlook it, against RFC 8446 section 4.2; that it is there can be seen.
      const { stdout } = await sClient(["-trace"], { input: "GET / HTTP/1.0\r\n\r\n", until: "by hand" });
      assert.match(stdout, /EncryptedExtensions[^]{0,200}extension_type=UNKNOWN\(65278\), length=0/);
    },
  },
  "https-extension-twice": refused({ curl: [35, "bad extension"] }),
  "https-alpn-unoffered": refused({ curl: [35, "bad extension"], gnutls: "An illegal TLS extension was received" }),
  "https-alpn-two": refused({ curl: [35, "bad extension"], gnutls: "An illegal TLS extension was received" }),
  "https-retry-twice": refused({ curl: [35, "unexpected message"], gnutls: unexpectedPacket }),
  "https-retry-pointless": refused({ curl: [35, "bad key share"] }),
  "https-retry-unknown-group": refused({ curl: [35, "bad key share"], gnutls: illegal }),
  "https-hello-trailing-bytes": refused({ curl: [35, "bad length"], gnutls: "Invalid TLS extensions length field" }),
  "https-hello-cut": refused({ curl: [35, "SSL_ERROR_SYSCALL"], gnutls: "Error decoding the received TLS packet" }),
  "https-hello-reset": refused({ curl: [35, "Connection reset by peer"] }),
  "https-hello-huge": refused({ curl: [35, "excessive message size"] }),
  "https-certificate-none": refused({ curl: [35, "length mismatch"], gnutls: "No certificate was found" }),
  "https-certificate-garbage": refused({ curl: [35, "wrong tag"], gnutls: "ASN1 parser: Error in TAG" }),
  "https-certificate-mebibyte": refused({
    curl: [35, "excessive message size"],
    gnutls: "The handshake data size is too large",
  }),
  "https-certificate-left-out": refused(unexpectedMessage),
  "https-proof-left-out": refused(unexpectedMessage),
  "https-bad-proof": refused({ curl: [35, "bad signature"], gnutls: "signature verification has failed" }),
  "https-bad-key-exchange": refused({ curl: [35, "bad signature"], gnutls: "signature verification has failed" }),
  "https-key-exchange-left-out": refused(unexpectedMessage),
  "https-bad-finished": refused({ curl: [35, "digest check failed"], gnutls: "TLS Finished packet calculation" }),
  "https-bad-finished-tls12": refused({ curl: [35, "digest check failed"], gnutls: "TLS Finished packet calculation" }),
  "https-certificate-request-twice": refused(unexpectedMessage),
  "https-second-server-hello": refused(unexpectedMessage),
  "https-unencrypted-extensions": refused({ curl: [35, "bad record type"], gnutls: "Decryption has failed" }),
  "https-data-in-handshake": refused({ curl: [35, "unexpected record"], gnutls: unexpectedPacket }),
  "https-early-change-cipher-spec": refused({ curl: [35, "unexpected message"], gnutls: unexpectedPacket }),
  "https-empty-handshake-record": {
    by: ["curl", "gnutls-cli"],
    check: async ({ gnutlsCli, curl }) => {
      // OpenSSL 3.0 lets it pass.
      assert.equal((await curl("/")).code, 0);
      const { code, output } = await gnutlsCli();
      assert.equal(code, 1);
      assertSays(output, unexpectedPacket);
    },
  },
  "https-record-version-wrong": refused({
    curl: [35, "wrong version number"],
    gnutls: "illegal or unsupported version",
  }),
  "https-tls12-after-all": refused({ curl: [35, "bad record type"], gnutls: "Decryption has failed" }),
  "https-stall-hello": stalled(undefined),
  "https-stall-server-hello": stalled("Server hello"),
  "https-stall-extensions": stalled("Encrypted Extensions"),
  "https-stall-certificate": stalled("Encrypted Extensions"),
  "https-stall-proof": stalled("Certificate"),
  "https-stall-finished": stalled("CERT verify"),
  "https-stall-server-hello-tls12": stalled("Server hello"),
  "https-stall-certificate-tls12": stalled("Server hello"),
  "https-stall-key-exchange": stalled("Certificate"),
  "https-stall-hello-done": stalled("Server key exchange"),
  "https-stall-finished-tls12": stalled("Server finished"),
});
