import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { before, describe, test } from "node:test";
import { createServer, type Server, type TLSSocket, type TlsOptions } from "node:tls";
import { closing, failing } from "@fairlead/conformance/stream";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { connectTcp } from "@fairlead/transport";
import { TlsError } from "@fairlead/core";
import type { TlsConnectOptions, TlsSocket, TlsTrust } from "../../src/index.ts";
import { nodeTls } from "../../src/node/index.ts";

describe("a server that requires a client certificate", () => {
  let trust: TlsTrust;
  let ca: string;
  let identity: MintedIdentity;
  let server: MintedIdentity;
  before(async () => {
    const root = await mintAuthority();
    ca = root.certificate;
    trust = { type: "anchors", certificates: [ca] };
    server = await mintCertificate({ issuer: root, names: ["localhost"] });
    identity = await mintCertificate({ issuer: root, names: ["client.test"], usage: "client" });
  });

  test("gets the identity's", async () => {
    await using listening = await listen();
    const accepted = once(listening.server, "secureConnection") as Promise<[TLSSocket]>;
    const socket = await connect(listening.port, { identity });
    const [peer] = await accepted;
    assert.equal(peer.authorized, true);
    assert.equal(peer.getPeerX509Certificate()?.subject, "CN=client.test");
    socket.destroy();
  });

  test("refuses its absence in TLS 1.3 after the handshake, as an error with that name", async () => {
    await using listening = await listen();
    const socket = await connect(listening.port, { maxVersion: "TLSv1.3" });
    socket.resume();
    const closed = closing(socket);
    const error = await failing(socket);
    assert.ok(error instanceof TlsError);
    assert.equal(error.code, "CLIENT_CERTIFICATE_REQUIRED");
    assert.equal(error.peer, "localhost:1");
    assert.match(error.message, /certificate_required/);
    await closed;
  });

  test("refuses its absence in TLS 1.2 in the handshake, by an alert that means this once the server has shown its own", async () => {
    await using listening = await listen();
    await assert.rejects(connect(listening.port, { maxVersion: "TLSv1.2" }), (error) => {
      assert.ok(error instanceof TlsError);
      assert.equal(error.code, "CLIENT_CERTIFICATE_REQUIRED");
      assert.match(error.message, /client certificate.*handshake_failure/);
      return true;
    });
  });

  function connect(port: number, options: Partial<TlsConnectOptions>): Promise<TlsSocket> {
    return connectTcp({ host: "127.0.0.1", port }).then((below) =>
      nodeTls.connect(below, { host: "localhost", peer: "localhost:1", trust, ...options }),
    );
  }

  async function listen(): Promise<AsyncDisposable & { readonly server: Server; readonly port: number }> {
    const options: TlsOptions = {
      cert: server.certificate,
      key: server.privateKey,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const listening = createServer(options, (socket) => socket.resume()).listen(0, "127.0.0.1");
    await once(listening, "listening");
    return {
      server: listening,
      port: (listening.address() as AddressInfo).port,
      async [Symbol.asyncDispose]() {
        listening.close();
        await once(listening, "close");
      },
    };
  }
});
