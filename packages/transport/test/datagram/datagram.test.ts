import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { TransportError, UsageError } from "@fairlead/core";
import {
  connectUdp,
  memoryDatagramPair,
  memoryNetwork,
  openUdp,
  type DatagramAddress,
  type DatagramEndpoint,
  type DatagramPath,
} from "../../src/index.ts";

const kinds: readonly (readonly [string, () => Promise<[DatagramPath, DatagramEndpoint]>])[] = [
  [
    "UDP",
    async () => {
      const endpoint = await openUdp();
      return [await connectUdp(endpoint.address), endpoint];
    },
  ],
  [
    "UDP over IPv6",
    async () => {
      const endpoint = await openUdp({ host: "::1" });
      return [await connectUdp(endpoint.address), endpoint];
    },
  ],
  [
    "a network in memory",
    async () => {
      const network = memoryNetwork();
      const endpoint = network.endpoint({ host: "192.0.2.1", port: 1 });
      return [network.endpoint({ host: "192.0.2.2", port: 2 }).path(endpoint.address), endpoint];
    },
  ],
];

for (const [name, open] of kinds) {
  describe(`datagrams over ${name}`, () => {
    test("arrive whole, are answered to where they came from, and make no path", async () => {
      const [path, opened] = await open();
      await using endpoint = opened;
      const asked = once(endpoint, "message") as Promise<[Buffer, DatagramAddress]>;
      path.send(Buffer.from("question"));
      const [question, from] = await asked;
      assert.equal(question.toString(), "question");
      const answered = once(path, "message");
      endpoint.send(Buffer.from("answer"), from);
      assert.equal(String((await answered)[0]), "answer");
      path.close();
    });

    test("of a peer that has a path go there, until it is closed", async () => {
      const [path, opened] = await open();
      await using endpoint = opened;
      const first = once(endpoint, "message") as Promise<[Buffer, DatagramAddress]>;
      path.send(Buffer.from("first"));
      const [, from] = await first;
      const back = endpoint.path(from);
      assert.throws(() => endpoint.path(from), UsageError);
      assert.throws(() => endpoint.path({ host: "localhost", port: 1 }), UsageError);
      const second = once(back, "message");
      path.send(Buffer.from("second"));
      assert.equal(String((await second)[0]), "second");
      back.close();
      back.close();
      const third = once(endpoint, "message");
      path.send(Buffer.from("third"));
      assert.equal(String((await third)[0]), "third");
      path.close();
    });

    test("that are too large are an error with the limit, and nothing is sent", async () => {
      const [path, opened] = await open();
      await using endpoint = opened;
      assert.equal(path.mtu, 1_232);
      const refusal = { name: "TransportError", code: "DATAGRAM_TOO_LARGE", message: /1233 bytes; .* 1232 at most/ };
      assert.throws(() => path.send(Buffer.alloc(1_233)), refusal);
      assert.throws(() => endpoint.send(Buffer.alloc(1_233), { host: "192.0.2.9", port: 9 }), refusal);
      const arrived = once(endpoint, "message");
      path.send(Buffer.alloc(1_232));
      assert.equal(((await arrived)[0] as Buffer).length, 1_232);
      path.close();
    });

    test("are not sent when the path is closed, which is told once", async () => {
      const [path, endpoint] = await open();
      const back = endpoint.path({ host: "192.0.2.77", port: 7 });
      let closes = 0;
      for (const each of [path, back]) each.on("close", () => (closes += 1));
      path.close();
      path.send(Buffer.from("nobody hears this"));
      assert.equal(path.closed, true);
      await endpoint.close();
      await endpoint.close();
      back.send(Buffer.from("nor this"));
      endpoint.send(Buffer.from("nor this"), { host: "192.0.2.77", port: 7 });
      assert.equal(endpoint.path({ host: "192.0.2.78", port: 7 }).closed, true);
      assert.deepEqual([path.closed, back.closed, closes], [true, true, 2]);
    });
  });
}

describe("UDP", () => {
  test("a port that nobody has is told as unreachable, and the path stays open", async () => {
    const gone = await openUdp();
    const { address } = gone;
    await gone.close();
    const path = await connectUdp(address);
    const told = once(path, "unreachable") as Promise<[TransportError]>;
    path.send(Buffer.from("anybody?"));
    const [error] = await told;
    assert.ok(error instanceof TransportError);
    assert.equal(error.code, "CONNECTION_REFUSED");
    assert.equal(error.peer, `127.0.0.1:${String(address.port)}`);
    assert.equal(path.closed, false);
    path.close();
  });

  test("a path hears nobody but its peer", async () => {
    await using server = await openUdp();
    await using stranger = await openUdp();
    const path = await connectUdp(server.address);
    const asked = once(server, "message") as Promise<[Buffer, DatagramAddress]>;
    path.send(Buffer.from("question"));
    const [, from] = await asked;
    const heard: string[] = [];
    path.on("message", (bytes) => heard.push(bytes.toString()));
    stranger.send(Buffer.from("forged"), from);
    const answered = once(path, "message");
    server.send(Buffer.from("genuine"), from);
    await answered;
    assert.deepEqual(heard, ["genuine"]);
    path.close();
  });

  test("names are looked up; one that does not exist, an abort, and a port that is taken are errors", async () => {
    await using server = await openUdp();
    const { port } = server.address;
    const lookup: NonNullable<Parameters<typeof connectUdp>[0]["lookup"]> = (name, _options, done) => {
      if (name === "there.test") done(null, "127.0.0.1", 4);
      else done(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), "", 4);
    };
    const path = await connectUdp({ host: "there.test", port, lookup });
    const arrived = once(server, "message");
    path.send(Buffer.of(1));
    await arrived;
    path.close();
    await assert.rejects(connectUdp({ host: "nowhere.test", port, lookup }), { code: "NAME_NOT_FOUND" });
    const reason = new Error("enough");
    await assert.rejects(connectUdp({ host: "127.0.0.1", port, signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(openUdp({ port }), { code: "ADDRESS_IN_USE" });
    await assert.rejects(openUdp({ host: "localhost" }), UsageError);
    await assert.rejects(openUdp({ mtu: 65_508 }), UsageError);
  });
});

describe("a network in memory", () => {
  test("carries as it is told: lost, changed, twice, or in anybody's name", async () => {
    const heard: string[] = [];
    const network = memoryNetwork({
      carry(bytes, deliver, { from }) {
        if (bytes.toString() === "lost") return;
        deliver(Buffer.from(`${bytes.toString()} of ${from.host}`));
        if (bytes.toString() === "twice") deliver(bytes);
      },
    });
    const endpoint = network.endpoint({ host: "192.0.2.1", port: 1 });
    endpoint.on("message", (bytes) => heard.push(bytes.toString()));
    for (const text of ["lost", "twice", "once"]) {
      network.send(Buffer.from(text), { from: { host: "198.51.100.1", port: 1 }, to: endpoint.address });
    }
    assert.deepEqual(heard, ["twice of 198.51.100.1", "twice", "once of 198.51.100.1"]);
    await endpoint.close();
  });

  test("a pair's paths are each other's peer, and what is sent may be reused", async () => {
    const [left, right] = memoryDatagramPair();
    const bytes = Buffer.from("abc");
    const arrived = once(right, "message");
    left.send(bytes);
    bytes.fill(0);
    assert.equal(String((await arrived)[0]), "abc");
  });
});
