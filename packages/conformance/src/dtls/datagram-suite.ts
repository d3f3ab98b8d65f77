import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { TransportError } from "@fairlead/core";
import { memoryDatagramPair, memoryNetwork, type DatagramPath } from "@fairlead/transport";
import { goodHost, mintCertificates, type Certificates } from "../tls/certificates.ts";
import { generator } from "./lossy-carrier.ts";
import { nextMessage, secureDatagrams, settled, sharedKey, type DtlsPair, type DtlsPairing } from "./pairing.ts";

/** What becomes of datagrams once the session stands. */
export function datagramSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: datagrams`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("one that is too large is an error with the limit, and the largest goes in one datagram", async () => {
      const sizes: number[] = [];
      using pair = await secureDatagrams(pairing, certificates, {
        network: {
          carry(bytes, deliver) {
            sizes.push(bytes.length);
            setImmediate(deliver, bytes);
          },
        },
      });
      for (const end of [pair.client, pair.server]) {
        const { mtu } = end;
        assert.ok(mtu > 1_150 && mtu < 1_232, String(mtu));
        assert.throws(
          () => end.send(Buffer.alloc(mtu + 1)),
          (error) => {
            assert.ok(error instanceof TransportError);
            assert.equal(error.code, "DATAGRAM_TOO_LARGE");
            assert.match(error.message, new RegExp(`${String(mtu + 1)} bytes; .* ${String(mtu)}`));
            return true;
          },
        );
        sizes.length = 0;
        end.send(Buffer.alloc(mtu));
        await settled(3);
        assert.equal(sizes.length, 1);
        assert.ok((sizes[0] ?? 0) <= 1_232);
      }
    });

    for (const mtu of [256, 600, 1_232]) {
      test(`no datagram of a handshake is larger than an MTU of ${String(mtu)}`, async () => {
        let largest = 0;
        using pair = await secureDatagrams(pairing, certificates, {
          connect: { mtu, alpnProtocols: ["coap"] },
          accept: { mtu },
          network: {
            carry(bytes, deliver) {
              largest = Math.max(largest, bytes.length);
              setImmediate(deliver, bytes);
            },
          },
        });
        assert.ok(largest <= mtu, String(largest));
        assert.ok(pair.client.mtu < mtu && pair.server.mtu < mtu);
      });
    }

    test("each arrives once, however often it is played back", async () => {
      const recorded: Buffer[] = [];
      using pair = await watched(pairing, certificates, (bytes) => recorded.push(Buffer.from(bytes)));
      const heard: string[] = [];
      pair.server.on("message", (bytes) => heard.push(bytes.toString()));
      for (const text of ["one", "two", "three"]) pair.client.send(Buffer.from(text));
      await settled();
      for (let round = 0; round < 3; round += 1) for (const bytes of [...recorded]) pair.toServer(bytes);
      await settled();
      assert.deepEqual(heard, ["one", "two", "three"]);
      pair.client.send(Buffer.from("four"));
      await settled();
      assert.deepEqual(heard.slice(3), ["four"]);
    });

    test("those that overtake others arrive; those that are very late may not, and never twice", async () => {
      const held: Buffer[] = [];
      let holding = false;
      using pair = await watched(
        pairing,
        certificates,
        () => undefined,
        (bytes) => holding && held.push(Buffer.from(bytes)) > 0,
      );
      const heard: string[] = [];
      pair.server.on("message", (bytes) => heard.push(bytes.toString()));
      holding = true;
      for (let index = 0; index < 10; index += 1) pair.client.send(Buffer.from(String(index)));
      await settled();
      for (const bytes of held.reverse()) pair.toServer(bytes);
      for (const bytes of held) pair.toServer(bytes);
      await settled();
      assert.deepEqual(heard, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
    });

    test("what is forged, cut, changed or in the clear is dropped without a word", async () => {
      const recorded: Buffer[] = [];
      using pair = await watched(pairing, certificates, (bytes) => recorded.push(Buffer.from(bytes)));
      const answers: Buffer[] = [];
      for (const end of [pair.client, pair.server]) {
        end.on("message", (bytes) => answers.push(bytes));
        end.on("close", () => assert.fail("closed"));
      }
      pair.client.send(Buffer.from("genuine"));
      await settled();
      const genuine = recorded.at(-1) ?? assert.fail("nothing was sent");
      recorded.length = 0;
      const random = generator(7);
      const forged = [
        ...Array.from(genuine.keys(), (index) => changed(genuine, index)),
        ...Array.from(genuine.keys(), (length) => genuine.subarray(0, length)),
        // Alerts in the clear and in the next epoch: close_notify, and fatal ones.
        ...[0, 1, 2].flatMap((epoch) =>
          [0, 10, 20, 40, 80].map((alert) => record(21, epoch, Buffer.of(alert === 0 ? 1 : 2, alert))),
        ),
        ...[0, 1, 2].flatMap((epoch) => [20, 22, 23, 24, 25].map((type) => record(type, epoch, Buffer.alloc(40, 1)))),
        // HelloRequest, ClientHello, HelloVerifyRequest, ServerHello, Finished, each of no bytes.
        ...[0, 1, 2, 3, 20].map((type) => record(22, 0, Buffer.of(type, ...Buffer.alloc(11)))),
        ...Array.from({ length: 100 }, () => Buffer.from(Array.from({ length: 80 }, () => Math.floor(random() * 256)))),
        // Too short for a nonce and a tag, and of any type.
        ...Array.from({ length: 48 }, (_, length) => record(20 + (length % 7), 1, Buffer.alloc(length, 3))),
        Buffer.alloc(0),
        Buffer.alloc(1_232),
        Buffer.concat([record(21, 0, Buffer.of(2, 40)), record(21, 1, Buffer.of(2, 40))]),
      ];
      for (const bytes of forged) {
        pair.toServer(bytes);
        pair.toClient(bytes);
      }
      await settled();
      assert.deepEqual(answers.map(String), ["genuine"]);
      assert.equal(recorded.length, 0, "an answer to a forgery");
      const [question, answer] = [nextMessage(pair.server), nextMessage(pair.client)];
      pair.client.send(Buffer.from("still here"));
      pair.server.send(Buffer.from("so am I"));
      assert.deepEqual([String(await question), String(await answer)], ["still here", "so am I"]);
    });

    for (const side of ["client", "server"] as const) {
      test(`close of the ${side} closes both, once, and the paths below`, async () => {
        using pair = await secureDatagrams(pairing, certificates);
        const other = side === "client" ? pair.server : pair.client;
        const reasons: unknown[] = [];
        for (const end of [pair.client, pair.server]) end.on("close", (reason) => reasons.push(reason));
        const closed = once(other, "close");
        pair[side].close();
        pair[side].close();
        await closed;
        assert.deepEqual(reasons, [undefined, undefined]);
        assert.ok(pair.below.every((path) => path.closed));
        pair.client.send(Buffer.from("nobody hears this"));
        pair.server.send(Buffer.from("nor this"));
      });
    }

    test("a path that is closed below ends the session with a reason", async () => {
      using pair = await secureDatagrams(pairing, certificates);
      const reasons: unknown[] = [];
      pair.client.on("close", (reason) => reasons.push(reason));
      pair.below[0].close();
      assert.ok(reasons[0] instanceof TransportError);
      assert.equal(reasons[0].code, "STREAM_CLOSED");
      assert.equal(pair.client.closed, true);
    });

    test("a path that is closed already is refused", async () => {
      const [left, right] = memoryDatagramPair();
      left.close();
      right.close();
      const options = { host: goodHost, trust: certificates.trust };
      await assert.rejects(pairing.client.connectDatagram(left, options), { code: "STREAM_CLOSED" });
      const accepted = pairing.server.acceptDatagram(right, { identity: certificates.good });
      await assert.rejects(accepted, { code: "STREAM_CLOSED" });
    });

    test("what the network says of unreachable peers is passed on, and ends a client's handshake only", async () => {
      const refused = new TransportError("CONNECTION_REFUSED");
      using pair = await secureDatagrams(pairing, certificates);
      const heard: unknown[] = [];
      pair.client.on("unreachable", (error) => heard.push(error));
      pair.below[0].emit("unreachable", refused);
      assert.deepEqual(heard, [refused]);
      assert.equal(pair.client.closed, false);

      const [below] = memoryDatagramPair();
      const connecting = pairing.client.connectDatagram(below, { host: goodHost, trust: certificates.trust });
      below.emit("unreachable", refused);
      await assert.rejects(connecting, refused);
    });

    test("messages that arrive in the turn of the handshake's end are heard by whoever awaited it", async () => {
      const [left, right] = memoryDatagramPair();
      const accepted = pairing.server.acceptDatagram(right, sharedKey.server).then((server) => {
        server.send(Buffer.from("welcome"));
        return server;
      });
      const options = { host: goodHost, ...sharedKey.client };
      const client = await pairing.client.connectDatagram(left, options);
      const welcome = nextMessage(client);
      assert.equal(String(await welcome), "welcome");
      client.close();
      (await accepted).close();
    });

    test("10,000 datagrams each way, and memory that does not grow with them", async () => {
      using pair = await secureDatagrams(pairing, certificates, {
        connect: sharedKey.client,
        accept: sharedKey.server,
        network: { carry: (bytes, deliver) => deliver(bytes) },
      });
      let heard = 0;
      pair.server.on("message", (bytes) => pair.server.send(bytes));
      pair.client.on("message", ({ length }) => (heard += length));
      await settled(2);
      for (let index = 0; index < 10_000; index += 1) pair.client.send(Buffer.alloc(100, index));
      assert.equal(heard, 1_000_000);
    });
  });
}

/** A pair in a network in which the test sends in the name of either side. */
interface WatchedPair extends DtlsPair {
  toServer(bytes: Uint8Array): void;
  toClient(bytes: Uint8Array): void;
}

/** `watch` sees what both sides send; what `takes` returns true for does not arrive. */
async function watched(
  pairing: DtlsPairing,
  certificates: Certificates,
  watch: (bytes: Buffer) => void,
  takes: (bytes: Buffer) => boolean = () => false,
): Promise<WatchedPair> {
  const clientAddress = { host: "192.0.2.1", port: 1 };
  const serverAddress = { host: "192.0.2.2", port: 2 };
  let forging = false;
  const network = memoryNetwork({
    carry(bytes, deliver) {
      if (!forging) watch(bytes);
      if (!forging && takes(bytes)) return;
      setImmediate(deliver, bytes);
    },
  });
  const below: [DatagramPath, DatagramPath] = [
    network.endpoint(clientAddress).path(serverAddress),
    network.endpoint(serverAddress).path(clientAddress),
  ];
  const [client, server] = await Promise.all([
    pairing.client.connectDatagram(below[0], { host: goodHost, trust: certificates.trust }),
    pairing.server.acceptDatagram(below[1], { identity: certificates.good }),
  ]);
  const forge = (bytes: Uint8Array, route: Parameters<typeof network.send>[1]): void => {
    forging = true;
    network.send(bytes, route);
    forging = false;
  };
  return {
    client,
    server,
    below,
    toServer: (bytes) => forge(bytes, { from: clientAddress, to: serverAddress }),
    toClient: (bytes) => forge(bytes, { from: serverAddress, to: clientAddress }),
    [Symbol.dispose]() {
      for (const end of [client, server]) end.removeAllListeners("close").close();
    },
  };
}

function changed(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 0x10;
  return copy;
}

function record(type: number, epoch: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(0xfefd, 1);
  header.writeUInt16BE(epoch, 3);
  header.writeUInt32BE(1_000, 7);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, body]);
}
