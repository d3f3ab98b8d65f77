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

describe("multicast over UDP", () => {
  const multicast = { group: "224.0.1.187", interfaces: ["127.0.0.1"] };

  test("reaches every endpoint that hears the group, and each answers from an address of its own", async () => {
    await using first = await openUdp({ multicast });
    const { port } = first.address;
    await using second = await openUdp({ port, multicast });
    assert.equal(first.address.host, "224.0.1.187");
    for (const member of [first, second]) member.on("message", (bytes, from) => member.send(bytes, from));
    await using asker = await openUdp({ multicast: { interfaces: ["127.0.0.1"] } });
    const answers = gather(asker, 2);
    asker.send(Buffer.from("anybody?"), { host: "224.0.1.187", port });
    assert.deepEqual(await answers, ["anybody? from 127.0.0.1", "anybody? from 127.0.0.1"]);
  });

  test("an endpoint with a group hears nothing that was sent to its machine, or to another group", async () => {
    await using member = await openUdp({ multicast });
    const { port } = member.address;
    await using asker = await openUdp({ multicast: { interfaces: ["127.0.0.1"] } });
    const heard = gather(member, 1);
    for (const host of ["127.0.0.1", "224.0.1.188", "224.0.1.187"]) asker.send(Buffer.from(host), { host, port });
    assert.deepEqual(await heard, ["224.0.1.187 from 127.0.0.1"]);
  });

  test("of a group with sources nobody else is heard (RFC 4607)", async () => {
    const group = "232.1.1.1";
    await using member = await openUdp({ multicast: { group, sources: ["127.0.0.2"], interfaces: ["127.0.0.1"] } });
    const to = { host: group, port: member.address.port };
    await using stranger = await openUdp({ host: "127.0.0.3", multicast: { interfaces: ["127.0.0.1"] } });
    await using source = await openUdp({ host: "127.0.0.2", multicast: { interfaces: ["127.0.0.1"] } });
    const heard = gather(member, 1);
    stranger.send(Buffer.from("forged"), to);
    source.send(Buffer.from("genuine"), to);
    assert.deepEqual(await heard, ["genuine from 127.0.0.2"]);
  });

  const refused: readonly (readonly [string, Parameters<typeof openUdp>[0]])[] = [
    ["a group that is none", { multicast: { group: "192.0.2.1" } }],
    ["a name for a group", { multicast: { group: "all-coap.example" } }],
    ["a host beside the group", { host: "127.0.0.1", multicast: { group: "224.0.1.187" } }],
    ["an interface that is not there", { multicast: { group: "224.0.1.187", interfaces: ["none7"] } }],
    ["a link-local group without an interface", { multicast: { group: "ff02::fd" } }],
    ["a link-local group on two", { multicast: { group: "ff02::fd", interfaces: ["a", "b"] } }],
    ["too many hops", { multicast: { hops: 256 } }],
    ["half a hop", { hops: 0.5 }],
  ];
  for (const [what, options] of refused) {
    test(`refuses ${what}`, async () => {
      await assert.rejects(openUdp(options), { name: "UsageError", code: "OPTION_INVALID" });
    });
  }
});

describe("options of UDP", () => {
  test("a broadcast goes out only where it was allowed", async () => {
    const to = { host: "255.255.255.255", port: 9 };
    await using cautious = await openUdp({ host: "0.0.0.0" });
    const refused = once(cautious, "unreachable") as Promise<[TransportError]>;
    cautious.send(Buffer.of(1), to);
    assert.equal((await refused)[0].code, "PERMISSION_DENIED");
    // On loopback every address of its network is the machine's own, and its last one reaches everybody there.
    await using hears = await openUdp({ host: "0.0.0.0" });
    await using calls = await openUdp({ broadcast: true });
    const heard = gather(hears, 1);
    calls.send(Buffer.from("all"), { host: "127.255.255.255", port: hears.address.port });
    assert.deepEqual(await heard, ["all from 127.0.0.1"]);
  });

  test("hops and buffers are set on both kinds of sockets", async () => {
    const options = { hops: 3, receiveBufferBytes: 65_536, sendBufferBytes: 65_536 };
    await using endpoint = await openUdp(options);
    const path = await connectUdp({ ...endpoint.address, ...options });
    const heard = gather(endpoint, 1);
    path.send(Buffer.from("three"));
    assert.deepEqual(await heard, ["three from 127.0.0.1"]);
    path.close();
  });

  test("one peer has one path, however its IPv6 address is written", async () => {
    await using endpoint = await openUdp({ host: "::1" });
    endpoint.on("message", (bytes, from) => endpoint.send(bytes, from));
    const path = await connectUdp({ host: "0:0:0:0:0:0:0:1", port: endpoint.address.port });
    const answered = once(path, "message");
    path.send(Buffer.from("echo"));
    assert.equal(String((await answered)[0]), "echo");
    path.close();
    const peer = { host: "2001:DB8:0::1", port: 1 };
    endpoint.path(peer);
    assert.throws(() => endpoint.path({ ...peer, host: "2001:db8::1" }), UsageError);
  });

  test("a lookup that never answers is given up with the signal", async () => {
    const giveUp = new AbortController();
    const reason = new Error("enough");
    const asked = connectUdp({
      host: "slow.test",
      port: 9,
      signal: giveUp.signal,
      lookup: () => giveUp.abort(reason),
    });
    await assert.rejects(asked, reason);
  });
});

/** The next datagrams that an endpoint hears, with whom they came from. */
async function gather(endpoint: DatagramEndpoint, count: number): Promise<readonly string[]> {
  const heard: string[] = [];
  while (heard.length < count) {
    const [bytes, from] = (await once(endpoint, "message")) as [Buffer, DatagramAddress];
    heard.push(`${bytes.toString()} from ${from.host}`);
  }
  return heard;
}

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
