import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TimeoutError, TransportError, UsageError } from "@fairlead/core";
import { dtlsEndpoint, type DtlsEndpoint, type DtlsEndpointOptions, type DtlsSocket } from "@fairlead/tls/datagram";
import { memoryNetwork, openUdp, type DatagramAddress, type MemoryNetwork } from "@fairlead/transport";
import { goodHost, mintCertificates, type Certificates } from "../tls/certificates.ts";
import { manualClock, type ManualClock } from "./manual-clock.ts";
import { nextMessage, settled, sharedKey, type DtlsPairing } from "./pairing.ts";

/** Many peers over one address: a server that nobody can fill or use against others. */
export function endpointSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: endpoints`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("50 clients on one UDP socket, each with its own session", async () => {
      const sessions: DtlsSocket[] = [];
      await using server = dtlsEndpoint(await openUdp(), {
        backend: pairing.server,
        accept: sharedKey.server,
        onSession(socket) {
          sessions.push(socket);
          socket.on("message", (bytes) => socket.send(Buffer.concat([Buffer.from("echo "), bytes])));
        },
      });
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          await using client = dtlsEndpoint(await openUdp(), { backend: pairing.client });
          const socket = await client.connect(server.address, { host: goodHost, ...sharedKey.client });
          const answer = nextMessage(socket);
          socket.send(Buffer.from(String(index)));
          return String(await answer);
        }),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: 50 }, (_, index) => `echo ${String(index)}`),
      );
      assert.equal(sessions.length, 50);
    });

    test("one endpoint is the client of several servers and the server of several clients", async () => {
      const world = worldOf(pairing);
      const middle = world.open("192.0.2.1", { accept: { identity: certificates.good, ...keyed } });
      const [left, right] = ["192.0.2.2", "192.0.2.3"].map((host) => world.open(host, { accept: keyed }));
      assert.ok(left && right);
      const options = { host: goodHost, ...sharedKey.client };
      await Promise.all([
        middle.connect(left.address, options),
        middle.connect(right.address, options),
        world.open("192.0.2.4", {}).connect(middle.address, options),
        world.open("192.0.2.5", {}).connect(middle.address, { host: goodHost, trust: certificates.trust }),
      ]);
      await settled();
      assert.equal(middle.sessions, 4);
      await assert.rejects(middle.connect(left.address, options), UsageError);
      await world.close();
    });

    test("spoofed ClientHellos leave no state, and nobody is sent more than came in its name", async () => {
      const world = worldOf(pairing);
      const hello = await firstHello(pairing);
      const server = world.open("192.0.2.1", { accept: { identity: certificates.good, ...keyed } });
      world.log.length = 0;
      const before = pairing.live();
      for (let index = 0; index < 2_000; index += 1) {
        const from = { host: `198.51.100.${String(index % 256)}`, port: 1_000 + index };
        world.network.send(hello, { from, to: server.address });
        // A cookie that is made up, and one that was given to another address.
        world.network.send(withCookie(hello, Buffer.alloc(16, index)), { from, to: server.address });
      }
      await settled();
      assert.equal(server.handshakes, 0);
      assert.equal(server.sessions, 0);
      assert.equal(pairing.live(), before);
      const answers = world.log.filter(({ from }) => from.host === server.address.host);
      assert.equal(answers.length, 4_000);
      for (const { bytes } of answers) assert.ok(bytes.length <= hello.length, `${String(bytes.length)} bytes back`);
      await world.close();
    });

    test("a cookie is good only for the address and the ClientHello that it was made for, and for a while", async () => {
      const world = worldOf(pairing);
      const hello = await firstHello(pairing);
      const server = world.open("192.0.2.1", { accept: { identity: certificates.good, ...keyed } });
      const client = { host: "192.0.2.9", port: 9 };
      const cookieFor = async (bytes: Buffer): Promise<Buffer> => {
        world.log.length = 0;
        world.network.send(bytes, { from: client, to: server.address });
        await settled();
        const answer = world.log.find(({ from }) => from.host === server.address.host);
        return answer?.bytes.subarray(28) ?? assert.fail("no answer");
      };
      const cookie = await cookieFor(hello);
      const tries: readonly (readonly [Buffer, DatagramAddress])[] = [
        [withCookie(hello, cookie), { ...client, port: 10 }],
        [withCookie(hello, cookie), { ...client, host: "192.0.2.10" }],
        [withCookie(changedRandom(hello), cookie), client],
        [withCookie(hello, cookie.subarray(0, 15)), client],
      ];
      for (const [bytes, from] of tries) {
        world.network.send(bytes, { from, to: server.address });
        await settled();
        assert.equal(server.handshakes, 0);
      }
      world.clock.advance(180_000);
      await cookieFor(hello);
      world.network.send(withCookie(hello, cookie), { from: client, to: server.address });
      await settled();
      assert.equal(server.handshakes, 0, "it has expired");
      world.network.send(withCookie(hello, await cookieFor(hello)), { from: client, to: server.address });
      await settled();
      assert.equal(server.handshakes, 1);
      await world.close();
    });

    test("handshakes that are begun and left are bounded, the oldest gives way, and each ends at its deadline", async () => {
      const world = worldOf(pairing);
      const failures: unknown[] = [];
      const failed: string[] = [];
      const server = world.open("192.0.2.1", {
        accept: { ...keyed, timeoutMilliseconds: 3_000 },
        maxHandshakes: 10,
        onFailure(error, { host }) {
          failures.push(error);
          failed.push(host);
        },
      });
      const hello = await firstHello(pairing);
      const begin = async (from: DatagramAddress): Promise<void> => {
        world.log.length = 0;
        world.network.send(hello, { from, to: server.address });
        await settled(3);
        const answer = world.log.find(({ to }) => to.port === from.port)?.bytes ?? assert.fail("no answer");
        world.network.send(withCookie(hello, answer.subarray(28)), { from, to: server.address });
        await settled(3);
        assert.ok(server.handshakes <= 10);
      };
      await begin({ host: "192.0.2.6", port: 6 });
      for (let port = 1_000; port < 1_029; port += 1) await begin({ host: "192.0.2.7", port });
      await settled();
      assert.equal(failures.length, 20);
      for (const failure of failures) assert.ok(failure instanceof TransportError);
      assert.ok(!failed.includes("192.0.2.6"), "one address does not push out another");
      const client = world.open("192.0.2.8", {});
      await client.connect(server.address, { host: goodHost, ...sharedKey.client });
      world.clock.advance(3_000);
      await settled();
      assert.equal(server.handshakes, 0);
      assert.ok(failures.slice(21).every((failure) => failure instanceof TimeoutError));
      assert.equal(server.sessions, 1);
      await world.close();
    });

    test("sessions are bounded, the quietest gives way, and the idle are closed", async () => {
      const world = worldOf(pairing);
      const server = world.open("192.0.2.1", { accept: keyed, maxSessions: 2, idleMilliseconds: 1_000 });
      const connect = async (host: string): Promise<DtlsSocket> => {
        const socket = await world.open(host, {}).connect(server.address, { host: goodHost, ...sharedKey.client });
        await settled();
        world.clock.advance(10);
        return socket;
      };
      const [first, second] = [await connect("192.0.2.11"), await connect("192.0.2.12")];
      first.send(Buffer.from("I am here"));
      await settled();
      const third = await connect("192.0.2.13");
      assert.deepEqual([first.closed, second.closed, third.closed], [false, true, false]);
      assert.equal(server.sessions, 2);
      world.clock.advance(900);
      third.send(Buffer.from("I am here"));
      await settled();
      world.clock.advance(200);
      await settled();
      assert.deepEqual([first.closed, third.closed], [true, false]);
      assert.equal(server.sessions, 1);
      await world.close();
      assert.equal(world.clock.waiting, 0);
    });

    test("a client that comes again from its address replaces its session when its handshake is complete", async () => {
      const world = worldOf(pairing);
      const sessions: DtlsSocket[] = [];
      const server = world.open("192.0.2.1", { accept: keyed, onSession: (socket) => sessions.push(socket) });
      const options = { host: goodHost, ...sharedKey.client };
      await world.open("192.0.2.2", {}).connect(server.address, options);
      await settled();
      // Restarted: the same address, and nothing known of the session before.
      const again = world.open("192.0.2.2", {});
      const wrongKey = again.connect(server.address, { host: goodHost, psk: { identity: "x", key: sharedKey.key } });
      await assert.rejects(wrongKey, { code: "TLS_ALERT_RECEIVED" });
      await settled();
      assert.equal(sessions[0]?.closed, false, "an attempt that fails changes nothing");
      const socket = await again.connect(server.address, options);
      await settled();
      assert.equal(server.sessions, 1);
      assert.deepEqual(
        sessions.map(({ closed }) => closed),
        [true, false],
      );
      const answer = nextMessage(socket);
      sessions[1]?.send(Buffer.from("welcome back"));
      assert.equal(String(await answer), "welcome back");
      await world.close();
    });

    test("a handshake that is played back to an established server changes nothing", async () => {
      const world = worldOf(pairing);
      const server = world.open("192.0.2.1", { accept: keyed });
      const client = world.open("192.0.2.2", {});
      const socket = await client.connect(server.address, { host: goodHost, ...sharedKey.client });
      await settled();
      const recorded = [...world.log];
      for (const { bytes, from, to } of recorded) world.network.send(bytes, { from, to });
      await settled();
      assert.deepEqual([server.handshakes, server.sessions, socket.closed], [0, 1, false]);
      await world.close();
    });

    test("an abort ends a connect, and close ends everything, whatever it is at", async () => {
      const world = worldOf(pairing);
      const client = world.open("192.0.2.2", {});
      const reason = new Error("enough");
      const controller = new AbortController();
      const options = { host: goodHost, ...sharedKey.client };
      const nobody = { host: "192.0.2.99", port: 5_684 };
      const aborted = client.connect(nobody, { ...options, signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(aborted, reason);
      const closed = client.connect(nobody, options);
      await Promise.all([client.close(), assert.rejects(closed, { code: "STREAM_CLOSED" })]);
      await assert.rejects(client.connect(nobody, options), { code: "STREAM_CLOSED" });
      assert.equal(client.handshakes, 0);
      assert.equal(world.clock.waiting, 0);
      await world.close();
    });

    test("without an option to accept nobody is answered", async () => {
      const world = worldOf(pairing);
      const hello = await firstHello(pairing);
      const client = world.open("192.0.2.2", {});
      world.log.length = 0;
      world.network.send(hello, { from: { host: "192.0.2.3", port: 3 }, to: client.address });
      await settled();
      assert.equal(world.log.length, 1, "the hello alone");
      await world.close();
    });

    test("options that cannot be meant, or a backend without datagrams, are refused at once", () => {
      const below = memoryNetwork().endpoint({ host: "192.0.2.1", port: 1 });
      const backend = pairing.server;
      assert.throws(() => dtlsEndpoint(below, { backend, accept: {} }), UsageError);
      assert.throws(() => dtlsEndpoint(below, { backend, maxSessions: 0 }), UsageError);
      assert.throws(() => dtlsEndpoint(below, { backend: { name: "node" } }), { code: "TLS_OPTION_UNSUPPORTED" });
    });
  });
}

const keyed = { psk: sharedKey.server.psk };

/** A network that is written down, with endpoints on one clock. */
interface World {
  readonly network: MemoryNetwork;
  readonly clock: ManualClock;
  readonly log: { readonly bytes: Buffer; readonly from: DatagramAddress; readonly to: DatagramAddress }[];
  open(host: string, options: Omit<DtlsEndpointOptions, "backend" | "clock">): DtlsEndpoint;
  close(): Promise<void>;
}

function worldOf(pairing: DtlsPairing): World {
  const log: World["log"] = [];
  const clock = manualClock();
  const endpoints: DtlsEndpoint[] = [];
  const network = memoryNetwork({
    carry(bytes, deliver, { from, to }) {
      log.push({ bytes, from, to });
      setImmediate(() => deliver(bytes));
    },
  });
  return {
    network,
    clock,
    log,
    open(host, options) {
      const backend = options.accept === undefined ? pairing.client : pairing.server;
      const endpoint = dtlsEndpoint(network.endpoint({ host, port: 5_684 }), { ...options, backend, clock });
      endpoints.push(endpoint);
      return endpoint;
    },
    async close() {
      for (const endpoint of endpoints) await endpoint.close();
    },
  };
}

/** The datagram that a client begins with. */
async function firstHello(pairing: DtlsPairing): Promise<Buffer> {
  const sent: Buffer[] = [];
  const network = memoryNetwork({ carry: (bytes) => void sent.push(bytes) });
  const controller = new AbortController();
  const below = network.endpoint({ host: "192.0.2.1", port: 1 }).path({ host: "192.0.2.2", port: 2 });
  const options = { host: goodHost, ...sharedKey.client, signal: controller.signal };
  const connecting = pairing.client.connectDatagram(below, options);
  controller.abort(new Error("one datagram is enough"));
  await assert.rejects(connecting);
  return sent[0] ?? assert.fail("nothing was sent");
}

/** The same ClientHello with a cookie, as the second message and record. RFC 6347 section 4.2.1. */
function withCookie(hello: Buffer, cookie: Uint8Array): Buffer {
  const at = 60 + (hello[59] ?? 0);
  const bytes = Buffer.concat([hello.subarray(0, at), Buffer.of(cookie.length), cookie, hello.subarray(at + 1)]);
  bytes.writeUInt8(1, 10);
  bytes.writeUInt16BE(bytes.length - 13, 11);
  bytes.writeUIntBE(bytes.length - 25, 14, 3);
  bytes.writeUInt16BE(1, 17);
  bytes.writeUIntBE(bytes.length - 25, 22, 3);
  return bytes;
}

function changedRandom(hello: Buffer): Buffer {
  const bytes = Buffer.from(hello);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  return bytes;
}
