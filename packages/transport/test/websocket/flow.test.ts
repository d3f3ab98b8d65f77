import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryPair } from "@fairlead/transport";
import { binary, FIN, onTheWire, ping, readFrames, text } from "./cases/case.ts";
import { openAgainstBytes, openEnd, openPair, whenReceived } from "./ends.ts";

describe("backpressure", () => {
  test("send says when there is no more room, and is told when there is again", async () => {
    const { client, server } = openPair({ sendHighWaterBytes: 10_000 });
    server.socket.pause();
    assert.equal(client.socket.send("a".repeat(100)), true);
    let count = 1;
    while (client.socket.send(Buffer.alloc(5_000))) count += 1;
    assert.ok(client.socket.bufferedBytes >= 10_000);
    // Whatever the wire and the streams hold is filled before anything waits.
    for (; count < 200; count += 1) client.socket.send(Buffer.alloc(5_000));
    const room = client.whenRoom();
    await new Promise(setImmediate);
    assert.ok(client.socket.bufferedBytes > 10_000);
    server.socket.resume();
    await room;
    assert.ok(client.socket.bufferedBytes < 10_000);
    client.socket.destroy();
  });

  test("a paused end reads no more than fits its stream, and then all of it in order", async () => {
    const [left, right] = memoryPair({ capacityBytes: 1_000 });
    const client = openEnd(left, "client");
    const server = openEnd(right, "server");
    server.socket.pause();
    const messages = Array.from({ length: 1_000 }, (_, index) => `${String(index)} ${"m".repeat(200)}`);
    for (const message of messages) client.socket.send(message);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    assert.deepEqual(server.heard, []);
    assert.ok(client.socket.bufferedBytes > 50_000, "the rest waits at the sender");
    server.socket.resume();
    assert.deepEqual(await server.whenHeard(messages.length), messages);
    client.socket.destroy();
  });

  test("an end that pauses in the middle of a chunk hears the rest when it goes on", async () => {
    const { end, peer } = openAgainstBytes("server", {
      onMessage: (_, socket) => {
        socket.pause();
      },
    });
    peer.write(Buffer.concat(["1", "2", "3"].map((each) => onTheWire(text(each), "server"))));
    for (const heard of [["1"], ["1", "2"], ["1", "2", "3"]]) {
      await end.whenHeard(heard.length);
      await new Promise(setImmediate);
      assert.deepEqual(end.heard, heard);
      end.socket.resume();
    }
    end.socket.destroy();
  });

  test("an end that pauses and goes on within one message hears each once", async () => {
    const { end, peer } = openAgainstBytes("client", {
      onMessage: (_, socket) => {
        socket.pause();
        socket.resume();
      },
    });
    peer.write(Buffer.concat(["1", "2", "3"].map((each) => onTheWire(text(each), "client"))));
    peer.write(onTheWire(text("4"), "client"));
    assert.deepEqual(await end.whenHeard(4), ["1", "2", "3", "4"]);
    end.socket.destroy();
  });

  test("RFC 6455 section 5.5.3: of pings whose pongs nobody reads only the last is answered", async () => {
    const [left, right] = memoryPair({ capacityBytes: 1_000 });
    const end = openEnd(left, "server");
    const flood = 20_000;
    const pings = Array.from({ length: flood }, (_, index) =>
      onTheWire(ping(String(index).padStart(100, "0")), "server"),
    );
    right.write(Buffer.concat(pings));
    await end.whenHeard(flood);
    assert.ok(end.socket.bufferedBytes < 70_000, String(end.socket.bufferedBytes));
    const chunks: Buffer[] = [];
    const last = String(flood - 1).padStart(100, "0");
    await new Promise<void>((resolve) => {
      right.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunk.includes(last)) resolve();
      });
    });
    const pongs = readFrames(Buffer.concat(chunks));
    assert.ok(pongs.length < 2_000, String(pongs.length));
    assert.deepEqual([pongs.at(-1)?.first, pongs.at(-1)?.payload.toString()], [FIN | 10, last]);
    end.socket.destroy();
  });
});

describe("what is sent", () => {
  test("messages of one turn are one write, and so are the answers to one chunk", async () => {
    const [left, right] = memoryPair();
    const writes = countWrites(left);
    const client = openEnd(left, "client");
    const serverWrites = countWrites(right);
    const server = openEnd(right, "server", { onMessage: (data, socket) => void socket.send(data) });
    for (let count = 0; count < 50; count += 1) client.socket.send("short");
    await client.whenHeard(50);
    assert.deepEqual([writes(), serverWrites()], [1, 1]);
    client.socket.destroy();
    await server.closed;
  });

  test("RFC 6455 section 5.3: every frame of a client has a key of its own", async () => {
    const { end, peer, received } = openAgainstBytes("client");
    for (let count = 0; count < 200; count += 1) end.socket.send("");
    const bytes = await whenReceived(peer, received, 200 * 6);
    const keys = new Set(Array.from({ length: 200 }, (_, index) => bytes.readUInt32BE(6 * index + 2)));
    assert.ok(keys.size > 198, "what is random may meet, but not often");
    end.socket.destroy();
  });

  test("octets of the caller stay as they are, whoever sends them", async () => {
    const { client, server } = openPair();
    for (const length of [10, 1_000, 100_000]) {
      const octets = Buffer.alloc(length, "mine");
      client.socket.send(octets);
      server.socket.send(octets);
      assert.deepEqual(octets, Buffer.alloc(length, "mine"));
    }
    await Promise.all([client.whenHeard(3), server.whenHeard(3)]);
    client.socket.destroy();
  });

  test("RFC 6455 section 5.6: a text is UTF-8 even where a string has half a pair", async () => {
    const { client, server } = openPair();
    client.socket.send("half \ud83d of a pair");
    assert.deepEqual(await server.whenHeard(1), ["half \ufffd of a pair"]);
    client.socket.destroy();
  });

  test("pings go both ways, and their answers", async () => {
    const { client, server } = openPair();
    client.socket.ping(Buffer.from("from the client"));
    server.socket.ping();
    assert.deepEqual(await client.whenHeard(2), [
      ["ping", ""],
      ["pong", "from the client"],
    ]);
    assert.deepEqual(await server.whenHeard(2), [
      ["ping", "from the client"],
      ["pong", ""],
    ]);
    client.socket.destroy();
  });

  test("messages that are compressed and messages that are not keep their order", async () => {
    const deflate = {
      serverNoContextTakeover: true,
      clientNoContextTakeover: false,
      serverMaxWindowBits: 8,
      clientMaxWindowBits: 9,
    };
    const { client, server } = openPair({ deflate, deflateFromBytes: 100 });
    const messages = Array.from({ length: 60 }, (_, index) => `${String(index)} `.repeat(index % 3 === 0 ? 200 : 1));
    for (const message of messages) {
      client.socket.send(message);
      server.socket.send(message);
    }
    assert.deepEqual(await server.whenHeard(messages.length), messages);
    assert.deepEqual(await client.whenHeard(messages.length), messages);
    client.socket.destroy();
  });
});

describe("what is heard", () => {
  test("what came behind the handshake comes first, and nothing before the call returns", async () => {
    const [left, right] = memoryPair();
    right.write(onTheWire(text("second"), "client"));
    const end = openEnd(left, "client", { head: onTheWire(text("first"), "client") });
    assert.deepEqual(end.heard, []);
    assert.deepEqual(await end.whenHeard(2), ["first", "second"]);
    end.socket.destroy();
  });

  test("an announcement of much sets little aside", async () => {
    const { end, peer } = openAgainstBytes("server", { limits: { messageBytes: 2 ** 32 } });
    const before = process.memoryUsage().arrayBuffers;
    peer.write(onTheWire(binary("x", { length: { octets: 8, says: 2n ** 32n } }), "server"));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.equal(end.socket.state, "open");
    assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
    end.socket.destroy();
  });
});

function countWrites(stream: { write: (...given: never[]) => boolean }): () => number {
  let count = 0;
  const write = stream.write.bind(stream);
  stream.write = (...given: never[]): boolean => {
    count += 1;
    return write(...given);
  };
  return () => count;
}
