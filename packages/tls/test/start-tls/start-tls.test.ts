import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import { before, describe, test } from "node:test";
import { TimeoutError, TlsError, UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsTrust } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { startTls } from "@fairlead/tls/start-tls";
import { connectTcp, memoryPair } from "@fairlead/transport";
import { SMTPServer } from "smtp-server";

describe("startTls", () => {
  let identity: MintedIdentity;
  let trust: TlsTrust;
  before(async () => {
    const authority = await mintAuthority({ commonName: "StartTLS Root" });
    identity = await mintCertificate({ issuer: authority, names: ["mail.test"] });
    trust = { type: "anchors", certificates: [authority.certificate] };
  });

  test("secures a mail server's connection, which answers over TLS", async () => {
    const server = new SMTPServer({
      key: identity.privateKey,
      cert: identity.certificate,
      authOptional: true,
      logger: false,
    });
    server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    try {
      // A server of node:net on TCP.
      const { port } = server.server.address() as AddressInfo;
      const socket = await startTls(await connectTcp({ host: "127.0.0.1", port }), "smtp", {
        host: "mail.test",
        trust,
      });
      assert.equal(socket.authorized, true);
      socket.write("EHLO client.test\r\n");
      const [reply] = (await once(socket, "data")) as [Buffer];
      assert.match(reply.toString(), /^250-/);
      assert.doesNotMatch(reply.toString(), /STARTTLS/);
      socket.destroy();
    } finally {
      server.close();
    }
  });

  test("hands over to TLS between two bytes: nothing is lost, and nothing is left", async () => {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const asked = once(far, "data");
    const securing = startTls(near, "postgresql", { host: "mail.test", trust });
    assert.deepEqual((await asked)[0], Buffer.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
    far.pause();
    far.write("S");
    const server = await nodeTls.accept(far, { identity });
    const client = await securing;
    server.write("after");
    assert.equal(String((await once(client, "data"))[0]), "after");
    client.destroy();
    server.destroy();
  });

  test("gives MySQL's greeting to whoever goes on with the protocol", async () => {
    const payload = Buffer.concat([
      Buffer.from("\n8.4.0\0"),
      Buffer.alloc(13, 1),
      Buffer.of(0xff, 0xff),
      Buffer.alloc(20),
    ]);
    const [near, far] = memoryPair({ allowHalfOpen: true });
    far.write(Buffer.concat([Buffer.of(payload.length, 0, 0, 0), payload]));
    const greetings: Uint8Array[] = [];
    const securing = startTls(near, "mysql", {
      host: "mail.test",
      trust,
      onGreeting: (bytes) => greetings.push(bytes),
    });
    const request = await exactly(far, 36);
    assert.equal(request.length, 36);
    const [client, server] = await Promise.all([securing, nodeTls.accept(far, { identity })]);
    assert.deepEqual(
      greetings.map((bytes) => Buffer.from(bytes)),
      [payload],
    );
    client.destroy();
    server.destroy();
  });

  test("never goes on without TLS", async () => {
    const refused = await failure((far) => far.write("N"), "postgresql");
    assert.equal(refused.code, "START_TLS_REFUSED");
    const nonsense = await failure((far) => far.write("HTTP/1.1 400"), "postgresql");
    assert.equal(nonsense.code, "START_TLS_INVALID");
    const gone = await failure((far) => far.end(), "postgresql");
    assert.equal(gone.code, "TLS_CLOSED_IN_HANDSHAKE");
  });

  test("refuses what is injected behind the go-ahead, in the same segment and in the next", async () => {
    const together = await failure((far) => far.write("S\u0016\u0003\u0003"), "postgresql");
    assert.equal(together.code, "START_TLS_INJECTED");
    const later = await failure(
      (far) => far.write("S", () => setImmediate(() => far.write("220 injected\r\n"))),
      "postgresql",
    );
    assert.match(later.code, /START_TLS_INJECTED|TLS_NOT_SPOKEN/);
  });

  test("refuses it in whatever pieces the stream holds it", async () => {
    const below = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    for (const piece of ["S", "\u0016", "\u0003\u0003"]) below.push(piece);
    await assert.rejects(startTls(below, "postgresql", { host: "mail.test", trust }), { code: "START_TLS_INJECTED" });
    assert.equal(below.destroyed, true);
  });

  test("does not show the server's answer to the terminal as it is", async () => {
    const { message } = await failure((far) => far.write("554 \u001b[2J\r\n"), "smtp");
    assert.match(message, /554 \\u\{1b\}\[2J/);
  });

  test("takes no name that would be a line of its own, or XML", async () => {
    for (const name of ["a\r\nMAIL FROM:<>", "a'><b", ""]) {
      for (const protocol of ["smtp", "xmpp"] as const) {
        const [near] = memoryPair();
        await assert.rejects(startTls(near, protocol, { host: "mail.test", name }), UsageError);
        assert.equal(near.destroyed, true);
      }
    }
  });

  test("gives up a server that says nothing, and when it is told to", async () => {
    const [near] = memoryPair();
    await assert.rejects(startTls(near, "smtp", { host: "mail.test", handshakeTimeoutMilliseconds: 10 }), TimeoutError);
    assert.equal(near.destroyed, true);
    const [second] = memoryPair();
    const reason = new Error("enough");
    const ending = new AbortController();
    const securing = startTls(second, "smtp", { host: "mail.test", signal: ending.signal });
    ending.abort(reason);
    await assert.rejects(securing, reason);
    assert.equal(second.destroyed, true);
  });

  async function failure(serve: (far: Duplex) => void, protocol: "postgresql" | "smtp"): Promise<TlsError> {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    far.resume();
    serve(far);
    const [result] = await Promise.allSettled([startTls(near, protocol, { host: "mail.test", trust })]);
    assert.equal(result.status, "rejected");
    assert.ok(result.reason instanceof TlsError, String(result.reason));
    assert.equal(near.destroyed, true);
    return result.reason;
  }
});

/** Reads so many bytes, and leaves the rest. */
async function exactly(stream: Duplex, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = stream.read(count) as Buffer | null;
    if (bytes !== null) return bytes;
    await once(stream, "readable");
  }
}
