import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { isCodedError, TransportError, UsageError } from "@fairlead/core";
import { memoryPair } from "@fairlead/transport";
import { close, FIN, onTheWire, readFrames, text } from "./cases/case.ts";
import { openAgainstBytes, openEnd, openPair, whenReceived } from "./ends.ts";

const deflate = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

describe("the closing handshake", () => {
  test("RFC 6455 section 7.1.1: the server ends the stream first, and the client waits for it", async () => {
    const { end: client, peer, received } = openAgainstBytes("client");
    let hasEnded = false;
    peer.once("end", () => (hasEnded = true));
    client.socket.close(1000);
    await whenReceived(peer, received, 8);
    peer.write(onTheWire(close(1000), "client"));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.deepEqual([hasEnded, client.socket.state], [false, "closing"]);
    peer.end();
    assert.equal((await client.closed).wasClean, true);

    const server = openAgainstBytes("server");
    server.peer.write(onTheWire(close(1000), "server"));
    await once(server.peer, "end");
    server.peer.end();
    assert.equal((await server.end.closed).wasClean, true);
  });

  test("RFC 6455 section 5.5.1: a Close goes behind the messages that were sent before, compressed ones too", async () => {
    const { client, server } = openPair({ deflate });
    const large = "compressed ".repeat(1_000);
    client.socket.send(large);
    client.socket.send("short");
    client.socket.close(4321, "enough");
    assert.equal(client.socket.send("too late"), false);
    const { code, reason } = await server.closed;
    assert.deepEqual([code, reason], [4321, "enough"]);
    assert.deepEqual(server.heard, [large, "short"]);
    assert.equal((await client.closed).code, 4321);
  });

  test("whoever said close hears no more messages, and both may say it at once", async () => {
    const { client, server } = openPair();
    server.socket.send("never heard");
    server.socket.close(1000);
    client.socket.close(1001);
    assert.deepEqual([(await client.closed).code, (await server.closed).code], [1000, 1001]);
    assert.deepEqual(client.heard, []);
  });

  test("a second close, and whatever is done after the end, does nothing", async () => {
    const { client, server } = openPair();
    client.socket.close();
    client.socket.close(4000, "again");
    client.socket.ping();
    assert.equal((await server.closed).code, 1005);
    await client.closed;
    client.socket.close();
    client.socket.pause();
    client.socket.resume();
    client.socket.destroy(new Error("late"));
    assert.deepEqual([client.socket.send("a"), client.socket.state, client.socket.bufferedBytes], [false, "closed", 0]);
  });

  test("a paused end that closes reads on to the peer's Close, and tells nothing of it", async () => {
    const { client, server } = openPair();
    server.socket.send("first");
    server.socket.send("second");
    client.socket.pause();
    await new Promise(setImmediate);
    client.socket.close(1000);
    assert.equal((await client.closed).wasClean, true);
    assert.equal((await server.closed).wasClean, true);
    assert.deepEqual(client.heard, []);
  });

  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5, Number.NaN]) {
    test(`RFC 6455 section 7.4: nobody may close with ${String(code)}`, () => {
      const [stream] = memoryPair();
      const { socket } = openEnd(stream, "client");
      assert.throws(() => socket.close(code), isInvalidOption);
      socket.destroy();
    });
  }

  test("RFC 6455 section 5.5: a reason has at most 123 octets and a code, a ping at most 125", () => {
    const [stream] = memoryPair();
    const { socket } = openEnd(stream, "client");
    assert.throws(() => socket.close(1000, "é".repeat(62)), isInvalidOption);
    assert.throws(() => socket.close(undefined, "why"), isInvalidOption);
    assert.throws(() => socket.ping(Buffer.alloc(126)), isInvalidOption);
    assert.equal(socket.state, "open");
    socket.destroy();
  });
});

test("a limit or a time that cannot be is a mistake", () => {
  for (const options of [
    { limits: { messageBytes: -1 } },
    { limits: { fragments: Number.NaN } },
    { sendHighWaterBytes: -1 },
    { closeTimeoutMilliseconds: Infinity },
    { keepAlive: { intervalMilliseconds: 2 ** 31, timeoutMilliseconds: 1 } },
  ]) {
    const [stream] = memoryPair();
    assert.throws(() => openEnd(stream, "client", options), isInvalidOption);
  }
});

describe("with time in hand", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  test("a peer that never answers a Close is given up", async () => {
    const { end } = openAgainstBytes("client", { closeTimeoutMilliseconds: 5_000 });
    end.socket.close(1000);
    mock.timers.tick(4_999);
    assert.equal(end.socket.state, "closing");
    mock.timers.tick(1);
    const { code, wasClean, error } = await end.closed;
    assert.deepEqual([code, wasClean], [1006, false]);
    assert.ok(error instanceof TransportError);
    assert.match(error.message, /^close peer\.example:80: the peer did not answer/);
  });

  test("a server that answers a Close and never ends the stream is left, and that was clean", async () => {
    const { end, peer, received } = openAgainstBytes("client");
    end.socket.close(1000);
    await whenReceived(peer, received, 8);
    peer.write(onTheWire(close(1000), "client"));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    mock.timers.tick(10_000);
    assert.deepEqual(await end.closed, { code: 1000, reason: "", wasClean: true, error: undefined });
  });

  test("a peer that broke a rule and never ends the stream is left", async () => {
    const { end, peer, received } = openAgainstBytes("server");
    peer.write(Buffer.of(0xff, 0xff));
    peer.write(Buffer.alloc(100_000));
    await whenReceived(peer, received, 4);
    mock.timers.tick(10_000);
    assert.equal((await end.closed).code, 1006);
  });

  test("a peer that broke a rule and sends without end is left at once", async () => {
    const { end, peer } = openAgainstBytes("server");
    peer.write(Buffer.of(0xff, 0xff));
    peer.write(Buffer.alloc(2_000_000));
    const { error } = await end.closed;
    assert.ok(isCodedError(error) && error.code === "WEBSOCKET_FRAME_INVALID");
  });

  test("a silent peer is asked, and left when it does not answer", async () => {
    const keepAlive = { intervalMilliseconds: 30_000, timeoutMilliseconds: 10_000 };
    const { end, peer, received } = openAgainstBytes("client", { keepAlive });
    peer.write(onTheWire(text("here"), "client"));
    await end.whenHeard(1);
    mock.timers.tick(30_000);
    assert.equal(received().length, 0, "it was heard in the meantime");
    mock.timers.tick(30_000);
    await whenReceived(peer, received, 6);
    assert.equal(readFrames(received())[0]?.first, FIN | 9);
    mock.timers.tick(10_000);
    const { error } = await end.closed;
    assert.ok(isCodedError(error) && error.code === "CONNECTION_TIMED_OUT" && error.operation === "keep-alive");
  });

  test("a peer that answers stays, and so does one that is not read just now", async () => {
    const keepAlive = { intervalMilliseconds: 1_000, timeoutMilliseconds: 1_000 };
    const { client, server } = openPair({ keepAlive });
    for (let count = 1; count <= 3; count += 1) {
      mock.timers.tick(1_000);
      // Either asks the other, in whatever order.
      await client.whenHeard(2 * count);
      await server.whenHeard(2 * count);
      mock.timers.tick(1_000);
    }
    client.socket.pause();
    for (let count = 0; count < 10; count += 1) mock.timers.tick(1_000);
    assert.equal(client.socket.state, "open");
    client.socket.destroy();
    server.socket.destroy();
  });
});

describe("an end that is not clean", () => {
  test("a fired signal ends the connection at once, with its reason", async () => {
    const controller = new AbortController();
    const { client, server } = openPair({ signal: controller.signal });
    controller.abort("enough");
    assert.deepEqual(await client.closed, { code: 1006, reason: "", wasClean: false, error: "enough" });
    await server.closed;
    const [stream] = memoryPair();
    assert.equal((await openEnd(stream, "client", { signal: controller.signal }).closed).error, "enough");
  });

  test("destroy ends the connection with what it is told, and the peer sees no Close", async () => {
    const { client, server } = openPair();
    const reason = new Error("over");
    client.socket.destroy(reason);
    assert.equal((await client.closed).error, reason);
    const { error } = await server.closed;
    assert.ok(isCodedError(error) && error.code === "WEBSOCKET_CLOSED_ABRUPTLY");
  });

  test("a stream that breaks is told by the transport's error", async () => {
    const { end } = openAgainstBytes("server");
    end.stream.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    const { code, error } = await end.closed;
    assert.equal(code, 1006);
    assert.ok(isCodedError(error) && error.code === "CONNECTION_RESET" && error.peer === "peer.example:80");
  });

  test("a stream that closed before is told too", async () => {
    const [stream] = memoryPair();
    stream.destroy();
    await once(stream, "close");
    const { code, error } = await openEnd(stream, "client").closed;
    assert.ok(code === 1006 && isCodedError(error) && error.code === "WEBSOCKET_CLOSED_ABRUPTLY");
  });

  test("what a hearer throws ends the connection, and the peer is told 1011", async () => {
    const mistake = new Error("a hearer's mistake");
    const { client, server } = openPair({
      onMessage: (data) => {
        if (data === "bad") throw mistake;
      },
    });
    client.socket.send("good");
    client.socket.send("bad");
    client.socket.send("never");
    const [there, here] = await Promise.all([server.closed, client.closed]);
    assert.deepEqual([there.code, there.wasClean, there.error], [1006, false, mistake]);
    assert.deepEqual([here.code, here.wasClean], [1011, true]);
    assert.deepEqual(server.heard, ["good", "bad"]);
  });
});

function isInvalidOption(error: unknown): boolean {
  return error instanceof UsageError && error.code === "OPTION_INVALID";
}
