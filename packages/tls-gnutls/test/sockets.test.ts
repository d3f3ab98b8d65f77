import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsTrust } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { connectTls, ticketKeySchedule, tlsServer, type ServerConnection } from "@fairlead/tls/sockets";
import { startTls } from "@fairlead/tls/start-tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp, memoryPair } from "@fairlead/transport";

const backends = [nodeTls, loadOpensslTls(), loadGnutlsTls()];

for (const backend of backends) {
  describe(`sockets over ${backend.name}`, () => {
    let identity: MintedIdentity;
    let trust: TlsTrust;
    before(async () => {
      const authority = await mintAuthority({ commonName: "Sockets Root" });
      identity = await mintCertificate({ issuer: authority, names: ["a.test"] });
      trust = { type: "anchors", certificates: [authority.certificate] };
    });

    for (const client of backends) {
      test(`a server takes what ${client.name} sends over TCP, and closes when all is done`, async () => {
        await using server = tlsServer({ backend, identity });
        server.on("connection", ({ socket }) => socket.pipe(socket));
        const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
        const below = await connectTcp({ host: "127.0.0.1", port, allowHalfOpen: true });
        const socket = await connectTls(below, { backend: client, host: "a.test", trust });
        const sent = "0123456789".repeat(200_000);
        const echoed = text(socket);
        socket.end(sent);
        assert.equal((await echoed) === sent, true);
        await server.close();
        assert.deepEqual(server.connections, { pending: 0, established: 0 });
      });
    }

    test("processes with one secret resume each other's sessions, and not those of the period before", async () => {
      const keys = ticketKeySchedule({ secret: Buffer.alloc(32, 4), periodSeconds: 60 });
      let now = 0;
      const sessions: Uint8Array[] = [];
      const connect = async (session?: Uint8Array): Promise<boolean> => {
        await using server = tlsServer({ backend, identity, ticketKeys: () => keys(now) });
        server.on("connection", ({ socket }) => socket.end("x"));
        const [near, far] = memoryPair({ allowHalfOpen: true });
        server.secure(far);
        const onSession = (bytes: Uint8Array): void => void sessions.push(bytes);
        const socket = await connectTls(near, { backend, host: "a.test", trust, session, onSession });
        assert.equal(await text(socket), "x");
        return socket.isSessionReused();
      };
      assert.equal(await connect(), false);
      assert.equal(await connect(sessions[0]), true);
      now = 60_000;
      assert.equal(await connect(sessions[1]), false);
    });

    test("one port takes plain and TLS", async () => {
      await using server = tlsServer({ backend, identity, protocol: "either" });
      server.on("connection", ({ socket, type }) => socket.end(type));
      const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
      const plain = await connectTcp({ host: "127.0.0.1", port });
      plain.write("hello");
      assert.equal(await text(plain), "plain");
      const secure = await connectTls(await connectTcp({ host: "127.0.0.1", port }), {
        backend,
        host: "a.test",
        trust,
      });
      assert.equal(await text(secure), "secure");
    });

    test("a connection that began in the clear goes on in TLS", async () => {
      await using server = tlsServer({ backend, identity });
      const [near, far] = memoryPair({ allowHalfOpen: true });
      const asked = once(far, "data");
      const securing = startTls(near, "postgresql", { backend, host: "a.test", trust });
      await asked;
      far.pause();
      far.write("S");
      const connected = once(server, "connection");
      server.secure(far);
      const [client, [connection]] = await Promise.all([securing, connected as Promise<[ServerConnection]>]);
      connection.socket.end("secured");
      assert.equal(await text(client), "secured");
    });
  });
}
