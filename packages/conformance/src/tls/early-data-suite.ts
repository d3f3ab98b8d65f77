import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import type { TlsAcceptOptions, TlsConnectOptions, TlsSocket } from "@fairlead/tls";
import { closing, failing } from "../stream/index.ts";
import { goodHost, mintCertificates, type Certificates } from "./certificates.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** Data in the first flight: what is taken, what is sent again, and what is never delivered. RFC 8446 section 2.3. */
export function earlyDataSuite(name: string, pairing: TlsPairing, open: OpenTransport): void {
  describe(`${name}: early data`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("goes before the handshake, and is marked and answered there", async () => {
      const { client, server, cleanUp } = await resume("question");
      assert.deepEqual([client.earlyData, client.getProtocol()], ["pending", null]);
      assert.deepEqual([server.earlyBytes, server.isSessionReused()], ["question".length, true]);
      assert.equal(server.alpnProtocol, "a");
      assert.equal(String(await once(server, "data")), "question");
      server.write("answer");
      assert.equal(String(await once(client, "data")), "answer");
      await Promise.all([client.handshakeDone, server.handshakeDone]);
      assert.deepEqual([client.earlyData, client.authorized, client.getProtocol()], ["accepted", true, "TLSv1.3"]);
      client.end(" and more");
      assert.equal(await text(server), " and more");
      assert.equal(server.earlyBytes, "question".length);
      cleanUp();
    });

    test("is taken by a server whose library was tried since", async () => {
      const { client, server, cleanUp } = await resume("question", {
        meanwhile: () => pairing.server.capabilities(),
      });
      await Promise.all([client.handshakeDone, server.handshakeDone]);
      assert.deepEqual([client.earlyData, server.earlyBytes], ["accepted", "question".length]);
      cleanUp();
    });

    test("does not keep the handshake waiting where it is not read", async () => {
      const sent = Buffer.alloc(200_000, "more than a reader has room for ");
      const { server, client, cleanUp } = await resume((socket) => socket.end(sent), {
        accept: { earlyData: { maxBytes: 131_072 } },
      });
      await server.handshakeDone;
      await client.handshakeDone;
      assert.equal(client.earlyData, "accepted");
      assert.ok(server.earlyBytes >= 65_536, String(server.earlyBytes));
      assert.equal(await text(server), sent.toString());
      cleanUp();
    });

    test("may be all that there is", async () => {
      const { server, client, cleanUp } = await resume((socket) => socket.end("everything"));
      assert.equal(await text(server), "everything");
      server.end();
      assert.equal(await text(client), "");
      cleanUp();
    });

    for (const [title, accept] of [
      ["a server that knows another key", { ticketKeys: new Uint8Array(48).fill(9) }],
      ["a server that takes none", { earlyData: undefined }],
      ["a server that chose another protocol", { alpnProtocols: ["b"] }],
    ] as const) {
      test(`that ${title} rejects is sent again, once and in order`, async () => {
        const { client, server, cleanUp } = await resume(
          (socket) => {
            socket.write("first, ");
            socket.write("second, ");
            void socket.handshakeDone.then(() => socket.end("last"));
          },
          { accept },
        );
        assert.equal(server.earlyBytes, 0);
        assert.equal(await text(server), "first, second, last");
        assert.deepEqual([client.earlyData, client.authorized], ["rejected", true]);
        cleanUp();
      });
    }

    test("that is too much goes as far as allowed, and the rest after the handshake", async () => {
      const sent = Buffer.alloc(300_000, "a lot of it ");
      const { client, server, cleanUp } = await resume((socket) => socket.end(sent));
      const received: Buffer[] = [];
      for await (const part of server) received.push(part as Buffer);
      assert.ok(Buffer.concat(received).equals(sent));
      assert.equal(client.earlyData, "accepted");
      assert.ok(server.earlyBytes > 0 && server.earlyBytes <= maxBytes, String(server.earlyBytes));
      cleanUp();
    });

    test("is not sent again to a server that is refused", async () => {
      const other = certificates.faulty.find(({ title }) => title === "from an issuer that nobody knows");
      assert.ok(other);
      const [session] = await gain();
      const below = await open();
      const client = await pairing.client.connect(below[0], { ...connectOptions(), session });
      const failed = failing(client);
      client.write("secret");
      const serving = pairing.server.accept(below[1], { ...acceptOptions(), identity: other.identity });
      const heard = serving.then(
        (socket) => text(socket).catch(() => ""),
        () => "",
      );
      const error = await failed;
      assert.ok(error instanceof TlsError, String(error));
      assert.equal(error.code, "CERTIFICATE_ISSUER_UNKNOWN");
      await assert.rejects(client.handshakeDone, { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      assert.equal(client.authorized, false);
      assert.equal(await heard, "");
    });

    test("is not delivered when it is played again", async () => {
      const recorded: Buffer[] = [];
      const { client, server, cleanUp } = await resume("pay 100", {
        tap: (below) => below.on("data", (chunk: Buffer) => recorded.push(chunk)),
      });
      assert.equal(String(await once(server, "data")), "pay 100");
      await Promise.all([client.handshakeDone, server.handshakeDone]);
      const [near, far] = await open();
      const delivered: string[] = [];
      const replayed = pairing.server.accept(far, acceptOptions()).then((socket) => {
        socket.on("data", (chunk) => delivered.push(String(chunk)));
        return failing(socket);
      });
      const closed = closing(far);
      near.on("error", () => undefined).resume();
      near.end(Buffer.concat(recorded));
      await assert.rejects(replayed, TlsError);
      await closed;
      assert.deepEqual(delivered, []);
      cleanUp();
    });

    test("needs a session that allows it, and is none when nothing is written", async () => {
      const { client, server, cleanUp } = await resume(() => undefined);
      await Promise.all([client.handshakeDone, server.handshakeDone]);
      assert.deepEqual([client.earlyData, client.isSessionReused(), server.earlyBytes], ["none", true, 0]);
      cleanUp();
      for (const connect of [
        { session: undefined },
        { session: (await gain({ earlyData: undefined }))[0] },
        { session: (await gain())[0], alpnProtocols: ["c"] },
        { session: (await gain())[0], serverName: "x.wild.test" },
        { session: (await gain())[0], earlyData: false },
        { session: (await gain())[0], maxVersion: "TLSv1.2" },
      ] as const) {
        using pair = await secure(pairing, certificates, open, {
          connect: { ...connectOptions(), ...connect },
          accept: { ...acceptOptions(), alpnProtocols: ["a", "c"] },
        });
        assert.notEqual(pair.client.getProtocol(), null);
        pair.client.end("late");
        assert.equal(await text(pair.server), "late");
        assert.deepEqual([pair.client.earlyData, pair.server.earlyBytes], ["none", 0]);
      }
    });

    test("fails with the connection, whenever that is", async () => {
      const [session] = await gain();
      for (const cut of ["at once", "in the handshake"] as const) {
        const below = await open();
        const client = await pairing.client.connect(below[0], {
          ...connectOptions(),
          session: session ?? new Uint8Array(),
        });
        const failed = failing(client);
        client.write("lost");
        if (cut === "in the handshake") await once(below[1], "data");
        below[1].destroy();
        const error = await failed;
        assert.ok(error instanceof Error);
        await assert.rejects(client.handshakeDone);
        assert.equal(client.destroyed, true);
      }
    });

    test("that is given up leaves nothing behind", async () => {
      const [session] = await gain();
      const below = await open();
      const closed = closing(below[0]);
      const client = await pairing.client.connect(below[0], {
        ...connectOptions(),
        session: session ?? new Uint8Array(),
      });
      client.write("never mind");
      client.destroy();
      await closed;
      await assert.rejects(client.handshakeDone);
      below[1].destroy();
    });

    function connectOptions(): TlsConnectOptions {
      return { host: goodHost, trust: certificates.trust, alpnProtocols: ["a", "b"], earlyData: true };
    }

    function acceptOptions(): TlsAcceptOptions {
      return { identity: certificates.good, alpnProtocols: ["a"], ticketKeys, earlyData: { maxBytes } };
    }

    /** Sessions of one verified connection. */
    async function gain(accept: Partial<TlsAcceptOptions> = {}): Promise<Uint8Array[]> {
      const sessions: Uint8Array[] = [];
      using pair = await secure(pairing, certificates, open, {
        connect: { ...connectOptions(), onSession: (session) => sessions.push(session) },
        accept: { ...acceptOptions(), ...accept },
      });
      pair.server.end("done");
      assert.equal(await text(pair.client), "done");
      assert.notEqual(sessions.length, 0);
      return sessions;
    }

    /** A second connection: the client writes before anything has come from the server. */
    async function resume(
      write: string | ((socket: TlsSocket) => void),
      {
        accept = {},
        tap,
        meanwhile,
      }: {
        readonly accept?: Partial<TlsAcceptOptions>;
        readonly tap?: (below: Duplex) => void;
        /** Between the two connections. */
        readonly meanwhile?: () => Promise<unknown>;
      } = {},
    ): Promise<{ readonly client: TlsSocket; readonly server: TlsSocket; readonly cleanUp: () => void }> {
      const [session] = await gain(accept.earlyData && { earlyData: accept.earlyData });
      await meanwhile?.();
      const below = await open();
      tap?.(below[1]);
      const client = await pairing.client.connect(below[0], { ...connectOptions(), session });
      if (typeof write === "string") client.write(write);
      else write(client);
      const server = await pairing.server.accept(below[1], { ...acceptOptions(), ...accept });
      return {
        client,
        server,
        cleanUp() {
          client.destroy();
          server.destroy();
        },
      };
    }
  });
}

const maxBytes = 16_384;
const ticketKeys = new Uint8Array(48).fill(7);
