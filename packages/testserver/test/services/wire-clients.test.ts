import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { FairleadError } from "@fairlead/core";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import type { TlsBackend } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp } from "@fairlead/transport";
import { detour } from "../detour.ts";
import { handshakeFaultFamily, handshakeServices, recordFaultFamily } from "../../src/services/tls/index.ts";

/** What a client makes of a service: `answered`, `waited` without end, `ended` too soon, or the code of a named error. */
type Outcome = string;

/**
 * What our three clients make of every service of TLS. Where there are several outcomes, they are those of `node`,
 * `openssl` and `gnutls`.
 */
const outcomes: Readonly<Record<string, Outcome | readonly [node: Outcome, openssl: Outcome, gnutls: Outcome]>> = {
  "https-tls10": "TLS_VERSION_UNSUPPORTED",
  "https-tls11": "TLS_VERSION_UNSUPPORTED",
  "https-tls12": "answered",
  "https-tls13": "answered",
  "https-aes128-gcm": "answered",
  "https-aes256-gcm": "answered",
  "https-chacha20": "answered",
  "https-ccm": ["TLS_ALERT_RECEIVED", "TLS_ALERT_RECEIVED", "answered"],
  "https-ccm8": "TLS_ALERT_RECEIVED",
  "https-camellia": "TLS_ALERT_RECEIVED",
  "https-aria": ["answered", "answered", "TLS_ALERT_RECEIVED"],
  "https-cbc": "answered",
  "https-null": "TLS_ALERT_RECEIVED",
  "https-anonymous": "TLS_ALERT_RECEIVED",
  "https-psk": "answered",
  "https-group-p256": "answered",
  "https-group-p384": "answered",
  "https-group-p521": "answered",
  "https-group-x25519": "answered",
  "https-group-x448": "answered",
  "https-group-ffdhe2048": "answered",
  "https-group-brainpool": "TLS_ALERT_RECEIVED",
  "https-group-mlkem768": ["answered", "answered", "TLS_ALERT_RECEIVED"],
  "https-hello-retry": "answered",
  "https-rsa-exchange": "answered",
  "https-dhe-1024": "TLS_HANDSHAKE_FAILED",
  "https-dhe-2048": "answered",
  "https-client-certificate": "CLIENT_CERTIFICATE_REQUIRED",
  "https-client-certificate-tls12": "CLIENT_CERTIFICATE_REQUIRED",
  "https-client-certificate-optional": "answered",
  "https-client-certificate-other": "CLIENT_CERTIFICATE_REQUIRED",
  "https-client-certificate-unnamed": "answered",
  "https-client-certificate-named-often": "answered",
  "https-post-handshake-authentication": "answered",
  "https-no-tickets": "answered",
  "https-changing-tickets": "answered",
  "https-short-tickets": "answered",
  "https-session-ids": "answered",
  "https-early-data-replayed": "answered",
  "https-early-data-short": "answered",
  "https-no-alpn": "answered",
  "https-alpn-unknown": "TLS_ALERT_RECEIVED",
  "https-sni-required": "answered",
  "https-sni-warning": "answered",
  "https-sni-certificates": "answered",
  "https-alert": "TLS_ALERT_RECEIVED",
  "https-alert-flood": "TLS_HANDSHAKE_FAILED",
  "https-no-extended-master-secret": "answered",
  "https-no-encrypt-then-mac": "answered",
  "https-no-secure-renegotiation": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "answered"],
  "https-renegotiation": "answered",
  "https-garbage": "TLS_NOT_SPOKEN",
  "https-plain-http": "TLS_NOT_SPOKEN",
  "https-ssl2": "TLS_NOT_SPOKEN",
  "https-ssl3": "TLS_VERSION_UNSUPPORTED",
  "https-version-unknown": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "TLS_VERSION_UNSUPPORTED"],
  "https-downgrade": ["TLS_VERSION_UNSUPPORTED", "TLS_VERSION_UNSUPPORTED", "TLS_HANDSHAKE_FAILED"],
  "https-wrong-session-id": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "answered"],
  "https-picks-unknown-cipher": "TLS_HANDSHAKE_FAILED",
  "https-picks-rc4": "TLS_HANDSHAKE_FAILED",
  "https-picks-export": "TLS_HANDSHAKE_FAILED",
  "https-picks-3des": "TLS_HANDSHAKE_FAILED",
  "https-picks-compression": "TLS_HANDSHAKE_FAILED",
  "https-picks-unknown-group": "TLS_HANDSHAKE_FAILED",
  "https-zero-key-share": "TLS_HANDSHAKE_FAILED",
  "https-no-key-share": "TLS_HANDSHAKE_FAILED",
  "https-extension-unasked": "answered",
  "https-extension-twice": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "answered"],
  "https-alpn-unoffered": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "answered"],
  "https-alpn-two": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "answered"],
  "https-retry-twice": "TLS_HANDSHAKE_FAILED",
  "https-retry-pointless": "TLS_HANDSHAKE_FAILED",
  "https-retry-unknown-group": "TLS_HANDSHAKE_FAILED",
  "https-hello-trailing-bytes": "TLS_HANDSHAKE_FAILED",
  "https-hello-cut": "TLS_CLOSED_IN_HANDSHAKE",
  "https-hello-reset": "TLS_CLOSED_IN_HANDSHAKE",
  "https-hello-huge": ["TLS_HANDSHAKE_FAILED", "TLS_HANDSHAKE_FAILED", "TLS_CLOSED_IN_HANDSHAKE"],
  "https-certificate-none": "TLS_HANDSHAKE_FAILED",
  "https-certificate-garbage": "TLS_HANDSHAKE_FAILED",
  "https-certificate-mebibyte": "TLS_HANDSHAKE_FAILED",
  "https-certificate-left-out": "TLS_HANDSHAKE_FAILED",
  "https-proof-left-out": "TLS_HANDSHAKE_FAILED",
  "https-bad-proof": "TLS_HANDSHAKE_FAILED",
  "https-bad-key-exchange": "TLS_HANDSHAKE_FAILED",
  "https-key-exchange-left-out": "TLS_HANDSHAKE_FAILED",
  "https-bad-finished": "TLS_HANDSHAKE_FAILED",
  "https-bad-finished-tls12": "TLS_HANDSHAKE_FAILED",
  "https-certificate-request-twice": "TLS_HANDSHAKE_FAILED",
  "https-second-server-hello": "TLS_HANDSHAKE_FAILED",
  "https-unencrypted-extensions": "TLS_HANDSHAKE_FAILED",
  "https-data-in-handshake": "TLS_HANDSHAKE_FAILED",
  "https-early-change-cipher-spec": "TLS_HANDSHAKE_FAILED",
  "https-empty-handshake-record": ["answered", "answered", "TLS_HANDSHAKE_FAILED"],
  "https-record-version-wrong": "TLS_NOT_SPOKEN",
  "https-tls12-after-all": "TLS_HANDSHAKE_FAILED",
  "https-stall-hello": "waited",
  "https-stall-server-hello": "waited",
  "https-stall-certificate": "waited",
  "https-stall-finished": "waited",
  "https-stall-finished-tls12": "waited",
  "https-stall-extensions": "waited",
  "https-stall-proof": "waited",
  "https-stall-server-hello-tls12": "waited",
  "https-stall-certificate-tls12": "waited",
  "https-stall-key-exchange": "waited",
  "https-stall-hello-done": "waited",
  "https-oversized-record": "TLS_RECORD_INVALID",
  "https-oversized-content": "TLS_RECORD_INVALID",
  "https-bad-record": "TLS_RECORD_INVALID",
  "https-bad-record-tls12": "TLS_RECORD_INVALID",
  "https-record-skipped": "TLS_RECORD_INVALID",
  "https-record-repeated": "TLS_RECORD_INVALID",
  "https-record-in-the-clear": "TLS_RECORD_INVALID",
  "https-record-type-unknown": "TLS_RECORD_INVALID",
  "https-heartbeat": "TLS_RECORD_INVALID",
  "https-empty-records": ["TLS_RECORD_INVALID", "TLS_RECORD_INVALID", "answered"],
  "https-padded-records": "answered",
  "https-split-handshake": "answered",
  "https-split-handshake-tls12": "answered",
  "https-gathered-handshake": "answered",
  "https-key-update": "answered",
  "https-key-update-flood": ["answered", "answered", "TLS_RECORD_INVALID"],
  "https-key-update-unknown": "TLS_RECORD_INVALID",
  "https-key-update-unheeded": "TLS_RECORD_INVALID",
  "https-ticket-flood": "answered",
  "https-ticket-huge": "answered",
  "https-ticket-week": "answered",
  "https-early-data-rejected": "answered",
  "https-early-data-fatal": "answered",
  "https-late-certificate-request": "TLS_RECORD_INVALID",
  "https-late-change-cipher-spec": ["answered", "answered", "TLS_RECORD_INVALID"],
  "https-hello-requests": "answered",
  "https-record-size-limit": "answered",
  "https-alert-after-handshake": "TLS_ALERT_RECEIVED",
  "https-no-close-notify": ["answered", "TLS_TRUNCATED", "TLS_TRUNCATED"],
  "https-cut-record": ["ended", "TLS_TRUNCATED", "TLS_TRUNCATED"],
  "https-data-after-close": "ended",
  "https-stall-answer": "waited",
  "https-stall-record": "waited",
  "https-stall-close": "waited",
};

/**
 * Where a client's alert, if it comes before the server has ended, keeps the server from its `close_notify`: OpenSSL takes
 * the refusal of a renegotiation for a failure. Which is first is up to the system.
 */
const answeredOrTruncated: ReadonlySet<string> = new Set(["https-renegotiation"]);

const families = [handshakeServices, handshakeFaultFamily, recordFaultFamily];

describe("our clients answer to every service of TLS by an answer or a named error", () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork(detour);
  });
  after(async () => {
    await network.close();
  });

  test("each has its outcome", () => {
    const names = families.flatMap(({ services }) => services.map(({ name }) => name));
    assert.deepEqual(Object.keys(outcomes).sort(), names.sort());
  });

  const backends = [nodeTls, loadOpensslTls(), loadGnutlsTls()];
  for (const [name, expected] of Object.entries(outcomes)) {
    test(name, async () => {
      // The first test has seen that they are names of services.
      const found = await Promise.all(backends.map((backend) => ask(backend, network, name as ServiceName, expected)));
      if (answeredOrTruncated.has(name)) {
        for (const one of found) assert.match(one, /^(answered|TLS_TRUNCATED)$/);
        return;
      }
      const isAlike = found.every((one) => one === found[0]);
      assert.deepEqual(isAlike ? found[0] : found, expected);
    });
  }
});

/** One request, given up after a while where nothing but that can end it. */
async function ask(
  backend: TlsBackend,
  network: TestNetwork,
  name: ServiceName,
  expected: Outcome | readonly Outcome[],
): Promise<Outcome> {
  const { host, port } = network.service(name);
  const below = await connectTcp({ host, port });
  const deadline = AbortSignal.timeout(expected === "waited" ? 300 : 10_000);
  try {
    const socket = await backend.connect(below, {
      host: "a.fairlead.test",
      trust: { type: "anchors", certificates: [network.ca.certificate] },
      alpnProtocols: ["http/1.1"],
      signal: deadline,
    });
    deadline.addEventListener("abort", () => socket.destroy(deadline.reason as Error), { once: true });
    socket.write("GET /echo HTTP/1.0\r\n\r\n");
    let text = "";
    for await (const piece of socket) text += String(piece);
    return text.startsWith("HTTP/1.1 200 OK") ? "answered" : "ended";
  } catch (error) {
    if (error === deadline.reason) return "waited";
    // Anything else is a fault of ours.
    if (!(error instanceof FairleadError)) throw error;
    return error.code;
  } finally {
    below.destroy();
  }
}
