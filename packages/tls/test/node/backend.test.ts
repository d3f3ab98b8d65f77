import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { TransportError } from "@fairlead/core";
import { mintCertificates, refuse, secure, type Certificates } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { createNodeTls, nodeTls } from "../../src/node/index.ts";
import { nodeTlsErrorFrom, type ErrorPlace } from "../../src/node/node-tls-error.ts";

describe("the node backend", () => {
  const pairing = { client: nodeTls, server: nodeTls, reportsTruncation: false };
  const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });
  let certificates: Certificates;
  before(async () => {
    certificates = await mintCertificates();
  });

  test("says which library it runs on", () => {
    assert.deepEqual([nodeTls.name, nodeTls.library], ["node", { name: "OpenSSL", version: process.versions.openssl }]);
  });

  test("does not let NODE_TLS_REJECT_UNAUTHORIZED decide", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      const { client } = await refuse(pairing, certificates, memory, { connect: { trust: certificates.otherTrust } });
      assert.ok(client instanceof Error);
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });

  test("shows the peer's certificate as often as it is asked, and node:tls's own way stays usable", async () => {
    using pair = await secure(pairing, certificates, memory);
    const socket = asNodeSocket(pair.client);
    const first = socket.getPeerX509Certificate();
    assert.ok(first);
    assert.equal(socket.getPeerX509Certificate(), first);
    assert.deepEqual(socket.getPeerCertificate().raw, first.raw);
    assert.match(socket.getPeerCertificate(true).issuerCertificate.subject.CN as string, /Intermediate/);
  });

  test("sends no server name for an IP literal (RFC 6066 section 3), and the host's otherwise", async () => {
    using literal = await secure(pairing, certificates, memory, { connect: { host: "127.0.0.1" } });
    assert.equal(asNodeSocket(literal.server).servername, false);
    using name = await secure(pairing, certificates, memory, { connect: { host: "good.test." } });
    assert.equal(asNodeSocket(name.server).servername, "good.test");
  });

  test("shares no contexts between backends made apart", async () => {
    const apart = { ...pairing, client: createNodeTls({ maxContexts: 1 }) };
    using pair = await secure(apart, certificates, memory);
    assert.equal(pair.client.authorized, true);
  });
});

describe("the name of an error", () => {
  const place: ErrorPlace = {
    peer: "a.test:443",
    side: "client",
    phase: "handshake",
    sentCertificate: false,
    peerShown: false,
  };
  const alert = (number: number): Error => opensslError("ERR_SSL_WHATEVER", `…:SSL alert number ${String(number)}`);

  const table: readonly (readonly [title: string, cause: Error, place: Partial<ErrorPlace>, code: string])[] = [
    ["certificate_required", alert(116), {}, "CLIENT_CERTIFICATE_REQUIRED"],
    ["certificate_required after the handshake", alert(116), { phase: "established" }, "CLIENT_CERTIFICATE_REQUIRED"],
    ["unknown_ca with a client certificate", alert(48), { sentCertificate: true }, "CLIENT_CERTIFICATE_REJECTED"],
    [
      "bad_certificate with one, after the handshake",
      alert(42),
      { sentCertificate: true, phase: "established" },
      "CLIENT_CERTIFICATE_REJECTED",
    ],
    ["unknown_ca without one", alert(48), {}, "TLS_ALERT_RECEIVED"],
    ["unknown_ca, heard by a server", alert(48), { side: "server" }, "TLS_ALERT_RECEIVED"],
    ["protocol_version", alert(70), {}, "TLS_VERSION_UNSUPPORTED"],
    ["internal_error", alert(80), {}, "TLS_ALERT_RECEIVED"],
    ["a wrong version number", opensslError("ERR_SSL_WRONG_VERSION_NUMBER"), {}, "TLS_NOT_SPOKEN"],
    [
      "a wrong version number later",
      opensslError("ERR_SSL_WRONG_VERSION_NUMBER"),
      { phase: "established" },
      "TLS_RECORD_INVALID",
    ],
    [
      "a bad record",
      opensslError("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
      { phase: "established" },
      "TLS_RECORD_INVALID",
    ],
    [
      "a client that asks for renegotiation again and again",
      opensslError("ERR_TLS_SESSION_ATTACK"),
      { side: "server", phase: "established" },
      "TLS_RECORD_INVALID",
    ],
    ["something else of OpenSSL", opensslError("ERR_SSL_INTERNAL_ERROR"), {}, "TLS_HANDSHAKE_FAILED"],
    [
      "a missing client certificate",
      opensslError("ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"),
      { side: "server" },
      "CLIENT_CERTIFICATE_REQUIRED",
    ],
    ["a reset in the handshake", opensslError("ECONNRESET"), {}, "TLS_CLOSED_IN_HANDSHAKE"],
    ["an error without a code in the handshake", new Error("below"), {}, "TLS_CLOSED_IN_HANDSHAKE"],
  ];
  for (const [title, cause, where, code] of table) {
    test(`${title} is ${code}`, () => {
      const error = nodeTlsErrorFrom(cause, { ...place, ...where });
      assert.ok("code" in error && "peer" in error);
      assert.equal(error.code, code, error.message);
      assert.equal(error.peer, "a.test:443");
      assert.equal(error.cause, cause);
    });
  }

  test("stays what it is when it is named already, or is the established stream's own", () => {
    const named = new TransportError("CONNECTION_RESET");
    assert.equal(nodeTlsErrorFrom(named, place), named);
    const reset = opensslError("ECONNRESET");
    assert.equal(nodeTlsErrorFrom(reset, { ...place, phase: "established" }), reset);
  });
});

function asNodeSocket(socket: unknown): TLSSocket {
  assert.ok(socket instanceof TLSSocket);
  return socket;
}

function opensslError(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}
