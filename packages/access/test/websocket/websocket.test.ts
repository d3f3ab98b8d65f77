import { openNetworkAccessManager, transactionOf, type ManagedWebSocket } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { describe, test } from "node:test";
import { scriptedServer } from "../scripted-server.ts";
import { webSocketPeer } from "./websocket-peer.ts";

const open = openNetworkAccessManager;

/** The next messages, as they come out of a loop. */
async function read(socket: ManagedWebSocket, count: number): Promise<readonly (string | Uint8Array)[]> {
  const messages: (string | Uint8Array)[] = [];
  for await (const message of socket) if (messages.push(message) === count) break;
  return messages;
}

/** The names and facts of all events, in order. */
function recordEvents(socket: ManagedWebSocket): unknown[] {
  const told: unknown[] = [];
  socket.addEventListener("open", () => told.push("open"));
  socket.addEventListener("message", ({ data }) => told.push(["message", data]));
  socket.addEventListener("error", ({ error }) => told.push(["error", isCodedError(error) ? error.code : error]));
  socket.addEventListener("close", ({ code, reason, wasClean }) => told.push(["close", code, reason, wasClean]));
  socket.addEventListener("reconnecting", ({ attempt }) => told.push(["reconnecting", attempt]));
  return told;
}

describe("a WebSocket of a manager", () => {
  test("sends and reads texts and bytes, compressed and not, and is closed in good order", async () => {
    await using peer = await webSocketPeer({ websocket: { perMessageDeflate: true } });
    await using manager = await open();
    for (const compression of [true, false]) {
      const socket = manager.webSocket(peer.url(), { compression });
      const { extensions, protocol, headers } = await socket.opened;
      assert.deepEqual(
        [extensions, protocol, headers["upgrade"]],
        [compression ? "permessage-deflate" : "", "", "websocket"],
      );
      const sent = ["héllo \u{1f600}", "", "x".repeat(70_000), Buffer.alloc(0), Buffer.alloc(300_000, 7)];
      for (const message of sent) socket.send(message);
      const came = await read(socket, sent.length);
      assert.deepEqual(
        came.map((message) => (typeof message === "string" ? message : Buffer.from(message))),
        sent,
      );
      socket.close(1000, "bye");
      assert.deepEqual(await socket.closed, { code: 1000, reason: "bye", wasClean: true });
      assert.equal(socket.readyState, socket.CLOSED);
    }
  });

  test("tells of itself by the standard's events, handlers and states", async () => {
    await using peer = await webSocketPeer({}, (socket) => {
      socket.send("one");
      socket.send(Buffer.from("two"));
      socket.on("message", () => socket.close(4001, "enough"));
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url("/p?q"));
    socket.binaryType = "arraybuffer";
    const told = recordEvents(socket);
    const handled: unknown[] = [];
    socket.onopen = () => handled.push("never");
    socket.onopen = (event) => handled.push(event.type, socket.readyState);
    socket.onmessage = ({ data, origin, lastEventId }) => handled.push(data, origin, lastEventId);
    socket.onclose = ({ code }) => handled.push(code);
    socket.onerror = () => handled.push("error");
    socket.onerror = null;
    assert.equal(socket.url, peer.url("/p?q"));
    assert.deepEqual([socket.readyState, socket.bufferedAmount, socket.protocol], [socket.CONNECTING, 0, ""]);
    assert.throws(
      () => {
        socket.send("early");
      },
      { name: "InvalidStateError" },
    );
    await socket.opened;
    socket.send("go");
    await socket.closed;
    const { buffer } = new Uint8Array(Buffer.from("two"));
    assert.deepEqual(told, ["open", ["message", "one"], ["message", buffer], ["close", 4001, "enough", true]]);
    const origin = peer.url("");
    assert.deepEqual(handled, ["open", 1, "one", origin, "", buffer, origin, "", 4001]);
    assert.equal(socket.readyState, socket.CLOSED);
    socket.send("late");
    assert.equal(socket.bufferedAmount, 4);
  });

  test("gives bytes as a Blob, an ArrayBuffer, or as they are", async () => {
    await using peer = await webSocketPeer();
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    const next = async (): Promise<unknown> => {
      const came = new Promise<unknown>((resolve) => {
        socket.onmessage = ({ data }) => {
          resolve(data);
        };
      });
      socket.send(Uint8Array.of(1, 2, 3));
      return came;
    };
    const blob = await next();
    assert.ok(blob instanceof Blob);
    assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), Uint8Array.of(1, 2, 3));
    socket.binaryType = "arraybuffer";
    assert.deepEqual(await next(), Uint8Array.of(1, 2, 3).buffer);
    socket.binaryType = "bytes";
    assert.deepEqual(Uint8Array.from((await next()) as Uint8Array), Uint8Array.of(1, 2, 3));
  });

  test("sends what it is given in the order in which it is given it, Blobs too, and as it was then", async () => {
    await using peer = await webSocketPeer({ websocket: { perMessageDeflate: true } });
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    const bytes = new Uint8Array(2_000).fill(1);
    socket.send("first");
    socket.send(new Blob(["second"]));
    socket.send(bytes);
    socket.send(new DataView(bytes.buffer, 0, 2));
    socket.send(bytes.buffer);
    bytes.fill(9);
    const [first, second, third, fourth, fifth] = await read(socket, 5);
    assert.equal(first, "first");
    assert.equal(Buffer.from(second ?? "").toString(), "second");
    assert.deepEqual(
      [third, fourth, fifth].map((message) => [message?.length, message?.[0]]),
      [
        [2_000, 1],
        [2, 1],
        [2_000, 1],
      ],
    );
    socket.send(new Blob(["last"]));
    socket.close();
    assert.deepEqual(await socket.closed, { code: 1005, reason: "", wasClean: true });
  });

  test("agrees on a subprotocol, and takes none that it did not offer", async () => {
    await using peer = await webSocketPeer({ websocket: { handleProtocols: () => "b" } });
    await using manager = await open();
    const socket = manager.webSocket(peer.url(), { protocols: ["a", "b"] });
    assert.equal((await socket.opened).protocol, "b");
    assert.equal(socket.protocol, "b");
    assert.equal(peer.requests[0]?.headers["sec-websocket-protocol"], "a, b");
    await assert.rejects(manager.webSocket(peer.url(), { protocols: "a" }).opened, {
      name: "ProtocolError",
      code: "WEBSOCKET_HANDSHAKE_INVALID",
    });
  });

  test("serves libraries that make WebSockets of their own", async () => {
    await using peer = await webSocketPeer();
    await using manager = await open();
    const { WebSocket } = manager;
    assert.equal(WebSocket, manager.WebSocket);
    assert.deepEqual([WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED], [0, 1, 2, 3]);
    const socket = new WebSocket(peer.url(), ["chat"]);
    assert.ok(socket instanceof WebSocket && socket instanceof EventTarget);
    await once(socket, "open");
    assert.deepEqual([socket.protocol, socket.readyState], ["chat", WebSocket.OPEN]);
  });

  test("refuses what its caller gets wrong before anything is sent", async () => {
    await using manager = await open();
    for (const [url, code] of [
      ["nonsense", "URL_INVALID"],
      ["ws://a.example/#fragment", "URL_INVALID"],
      ["ftp://a.example/", "URL_SCHEME_UNKNOWN"],
      ["wss://me:secret@a.example/", "URL_USER_INFORMATION"],
    ] as const) {
      assert.throws(() => manager.webSocket(url), { code }, url);
    }
    for (const protocols of ["a b", ["a", "a"], [""]]) {
      assert.throws(() => manager.webSocket("ws://a.example/", { protocols }), { code: "OPTION_INVALID" });
    }
    assert.throws(() => manager.webSocket("ws://a.example/", { reconnect: { attempts: 0 } }), {
      code: "OPTION_INVALID",
    });
    const socket = manager.webSocket("ws://127.0.0.1:1/");
    for (const code of [999, 1001, 1006, 2999, 5000, 3000.5]) {
      assert.throws(
        () => {
          socket.close(code);
        },
        { name: "InvalidAccessError" },
      );
    }
    assert.throws(
      () => {
        socket.close(1000, "é".repeat(62));
      },
      { name: "SyntaxError" },
    );
  });
});

describe("a WebSocket that does not open", () => {
  test("tells why: status, broken handshake, no server", async () => {
    await using refusing = await webSocketPeer({ refuse: () => ["HTTP/1.1 403 Forbidden", "content-length: 0"] });
    await using redirecting = await webSocketPeer({
      refuse: () => ["HTTP/1.1 302 Found", "location: /", "content-length: 0"],
    });
    await using lying = await webSocketPeer({
      refuse: () => ["HTTP/1.1 101 Go", "upgrade: websocket", "connection: upgrade", "sec-websocket-accept: no"],
    });
    await using plain = await scriptedServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"));
    await using manager = await open();
    for (const [url, code, detail] of [
      [refusing.url(), "WEBSOCKET_REFUSED", /status 403/],
      [redirecting.url(), "REDIRECT_UNEXPECTED", /status 302/],
      [lying.url(), "WEBSOCKET_HANDSHAKE_INVALID", /Sec-WebSocket-Accept/],
      [plain.origin, "WEBSOCKET_REFUSED", /status 200/],
      ["ws://127.0.0.1:1/", "CONNECTION_REFUSED", /127\.0\.0\.1:1/],
    ] as const) {
      const socket = manager.webSocket(url);
      const told = recordEvents(socket);
      const error: unknown = await socket.opened.catch((error: unknown) => error);
      assert.ok(isCodedError(error), String(error));
      assert.equal(error.code, code);
      assert.match(error.message, detail);
      assert.equal(transactionOf(error)?.hops.length, 1);
      assert.deepEqual(await socket.closed, { code: 1006, reason: "", wasClean: false });
      assert.deepEqual(told, [
        ["error", code],
        ["close", 1006, "", false],
      ]);
      await assert.rejects(read(socket, 1), { code });
    }
  });

  test("is closed before it is open, by its owner or a signal, and says by whom", async () => {
    await using silent = await scriptedServer(() => undefined);
    await using manager = await open();
    const closed = manager.webSocket(silent.origin);
    const told = recordEvents(closed);
    await silent.connection(1);
    closed.close();
    assert.equal(closed.readyState, closed.CLOSING);
    await assert.rejects(closed.opened, { name: "AbortError" });
    assert.deepEqual(
      told.map((event) => (event as unknown[])[0]),
      ["error", "close"],
    );

    const controller = new AbortController();
    const aborted = manager.webSocket(silent.origin, { signal: controller.signal });
    await silent.connection(2);
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await assert.rejects(aborted.opened, reason);
    await assert.rejects(manager.webSocket(silent.origin, { signal: controller.signal }).opened, reason);
  });

  test("is late by the deadlines of a request", async () => {
    await using silent = await scriptedServer(() => undefined);
    await using manager = await open();
    for (const phase of ["response", "total"] as const) {
      const socket = manager.webSocket(silent.origin, { timeouts: { [phase]: 30 } });
      await assert.rejects(socket.opened, { name: "TimeoutError", phase });
    }
  });

  test("has a deadline no longer once it is open", async () => {
    await using peer = await webSocketPeer();
    await using manager = await open({ timeouts: { total: 200, body: 1, response: 200 } });
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    // Another deadline of the same length, begun later, has passed.
    await assert.rejects(new Promise((_resolve, reject) => AbortSignal.timeout(220).addEventListener("abort", reject)));
    socket.send("still here");
    assert.deepEqual(await read(socket, 1), ["still here"]);
  });
});

describe("whoever is slow", () => {
  test("holds back a peer that sends faster than messages are read, and reads all of them", async () => {
    const size = 32 * 1024;
    const count = 1_000;
    await using peer = await webSocketPeer({}, (socket) => {
      for (let index = 0; index < count; index += 1) socket.send(Buffer.alloc(size, index % 251));
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    // Much else goes to and fro meanwhile, and of this no more than the buffers of both ends take.
    for (let index = 0; index < 200; index += 1) {
      await (await manager.request(peer.url().replace("ws:", "http:"))).bytes();
    }
    assert.ok((peer.sockets[0]?.bufferedAmount ?? 0) > (count * size) / 2);
    let read = 0;
    for await (const message of socket) {
      assert.equal(message.length, size);
      assert.equal(message[0], read % 251);
      read += 1;
      if (read === count) break;
    }
  });

  test("holds back whoever sends more than the peer reads", async () => {
    const paused = Promise.withResolvers<{ resume(): void }>();
    let bytes = 0;
    await using peer = await webSocketPeer({}, (socket) => {
      socket.pause();
      socket.on("message", (data: Buffer) => (bytes += data.length));
      paused.resolve(socket);
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    const piece = Buffer.alloc(1024 * 1024);
    for (let index = 0; index < 16; index += 1) socket.send(piece);
    assert.ok(socket.bufferedAmount > 8 * piece.length);
    let isDrained = false;
    const drained = socket.drained().then(() => (isDrained = true));
    const confirmed = socket.confirmed();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isDrained, false);
    (await paused.promise).resume();
    await drained;
    await confirmed;
    assert.equal(bytes, 16 * piece.length);
    assert.equal(socket.bufferedAmount, 0);
  });

  test("has read what came before anybody listened", async () => {
    await using peer = await webSocketPeer({}, (socket) => {
      for (const message of ["one", "two", "three"]) socket.send(message);
      socket.on("message", () => socket.send("four"));
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    await socket.confirmed();
    const told = recordEvents(socket);
    socket.send("more");
    while (told.length < 4) await once(socket, "message");
    assert.deepEqual(
      told,
      ["one", "two", "three", "four"].map((text) => ["message", text]),
    );
  });

  for (const perMessageDeflate of [false, true]) {
    test(`reads all that came before its peer had gone, ${perMessageDeflate ? "compressed" : "as it is"}`, async () => {
      const ended = Promise.withResolvers<undefined>();
      await using peer = await webSocketPeer({ websocket: { perMessageDeflate } }, (socket, _number, request) => {
        for (let index = 0; index < 7; index += 1) socket.send(`${String(index)}${"x".repeat(20_000)}`);
        socket.send("7", () => {
          socket.close(1000, "that was all");
          setImmediate(() => {
            request.socket.end(() => {
              ended.resolve(undefined);
            });
          });
        });
      });
      await using manager = await open();
      const socket = manager.webSocket(peer.url());
      await socket.opened;
      await ended.promise;
      const heads: number[] = [];
      for await (const message of socket) heads.push(Number(String(message)[0]));
      assert.deepEqual(heads, [0, 1, 2, 3, 4, 5, 6, 7]);
      assert.equal((await socket.closed).reason, "that was all");
    });
  }

  test("goes on in a second loop where the first was left, and beside listeners", async () => {
    await using peer = await webSocketPeer();
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    for (const text of ["one", "two", "three"]) socket.send(text);
    assert.deepEqual(await read(socket, 1), ["one"]);
    assert.deepEqual(await read(socket, 2), ["two", "three"]);
    const told = recordEvents(socket);
    const reading = read(socket, 1);
    socket.send("four");
    assert.deepEqual(await reading, ["four"]);
    assert.deepEqual(told, [["message", "four"]]);
  });
});

describe("a WebSocket ends", () => {
  test("with what broke it: a cut, a broken rule, a message beyond the limit", async () => {
    await using peer = await webSocketPeer({}, (socket, _number, { url, socket: stream }) => {
      if (url === "/cut") stream.destroy();
      else if (url === "/rule") stream.write(Buffer.from([0xff, 0x00]));
      else socket.send("x".repeat(2_000));
    });
    await using manager = await open();
    for (const [path, code] of [
      ["/cut", "WEBSOCKET_CLOSED_ABRUPTLY"],
      ["/rule", "WEBSOCKET_FRAME_INVALID"],
      ["/large", "WEBSOCKET_MESSAGE_LIMIT"],
    ] as const) {
      const socket = manager.webSocket(peer.url(path), { limits: { messageBytes: 1_000 } });
      const told = recordEvents(socket);
      await socket.opened;
      assert.deepEqual(await socket.closed, { code: 1006, reason: "", wasClean: false }, path);
      assert.deepEqual(told, ["open", ["error", code], ["close", 1006, "", false]]);
      await assert.rejects(socket.confirmed(), { code: "WEBSOCKET_NOT_OPEN" });
    }
  });

  test("and whoever waits for it to be drained or confirmed is told what it was lost to", async () => {
    await using peer = await webSocketPeer({}, (socket) => {
      socket.pause();
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    socket.send(Buffer.alloc(16 * 1024 * 1024));
    const waiting = [socket.drained(), socket.confirmed()];
    peer.sockets[0]?.terminate();
    for (const result of await Promise.allSettled(waiting)) {
      assert.equal(result.status, "rejected");
      assert.ok(isCodedError(result.reason));
    }
    assert.ok(socket.bufferedAmount >= 0);
  });

  test("with the reason of its signal, of which no listener is left", async () => {
    await using peer = await webSocketPeer();
    await using manager = await open();
    const controller = new AbortController();
    const sockets = Array.from({ length: 3 }, () => manager.webSocket(peer.url(), { signal: controller.signal }));
    const [first, second, third] = sockets;
    assert.ok(first && second && third);
    await Promise.all(sockets.map(({ opened }) => opened));
    first.close();
    await first.closed;
    assert.equal(getEventListeners(controller.signal, "abort").length, 2);
    const reading = read(second, 1);
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await assert.rejects(reading, reason);
    assert.equal((await third.closed).code, 1006);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

describe("a manager", () => {
  test("that closes closes a thousand sockets, and keeps none of them", async () => {
    await using peer = await webSocketPeer();
    const manager = await open({ connectionsPerOrigin: 64 });
    const sockets = Array.from({ length: 1_000 }, () => manager.webSocket(peer.url()));
    await Promise.all(sockets.map(({ opened }) => opened));
    assert.equal(peer.sockets.length, 1_000);
    await manager.close();
    const ends = await Promise.all(sockets.map(({ closed }) => closed));
    assert.ok(ends.every(({ code, wasClean }) => code === 1001 && wasClean));
    while ((await peer.connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(manager.webSocket(peer.url()).opened, { code: "MANAGER_CLOSED" });
  });

  test("that closes waits for a peer that does not answer for as long as it was told to, and no longer", async () => {
    await using peer = await webSocketPeer({}, (socket) => {
      socket.pause();
    });
    const manager = await open();
    const socket = manager.webSocket(peer.url(), { closeTimeoutMilliseconds: 20 });
    await socket.opened;
    const told = recordEvents(socket);
    await manager.close();
    assert.deepEqual(told, [
      ["error", "CONNECTION_TIMED_OUT"],
      ["close", 1006, "", false],
    ]);
  });

  test("that closes ends what is being opened, and that is destroyed what is open, with its reason", async () => {
    await using silent = await scriptedServer(() => undefined);
    const closing = await open();
    const opening = closing.webSocket(silent.origin);
    const refused = assert.rejects(opening.opened, { code: "MANAGER_CLOSED" });
    await silent.connection(1);
    await closing.close();
    await refused;

    await using peer = await webSocketPeer();
    const destroyed = await open();
    const socket = destroyed.webSocket(peer.url());
    await socket.opened;
    const reason = new Error("the application ends");
    const failed = once(socket, "error");
    await destroyed.destroy(reason);
    const [event] = (await failed) as [{ readonly error: unknown }];
    assert.equal(event.error, reason);
  });
});

describe("a WebSocket that opens again", () => {
  const reconnect = { delayMilliseconds: 1, delayLimitMilliseconds: 5 };

  test("tells by events that it was lost, throws at what is sent meanwhile, and goes on in the same loop", async () => {
    await using peer = await webSocketPeer({}, (socket, number) => {
      socket.send(`connection ${String(number)}`);
      socket.on("message", () => {
        if (number === 1) socket.terminate();
        else socket.close(1000, "done");
      });
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url(), { reconnect });
    const told: unknown[] = [];
    socket.addEventListener("open", () => told.push("open"));
    socket.addEventListener("reconnecting", ({ attempt, afterMilliseconds, error }) => {
      assert.ok(isCodedError(error) && afterMilliseconds >= 1);
      assert.throws(
        () => {
          socket.send("meanwhile");
        },
        { name: "InvalidStateError" },
      );
      told.push(["reconnecting", attempt, socket.readyState]);
    });
    const messages: unknown[] = [];
    for await (const message of socket) {
      messages.push(message);
      socket.send("go on");
    }
    assert.deepEqual(messages, ["connection 1", "connection 2"]);
    assert.deepEqual(told, ["open", ["reconnecting", 1, 0], "open"]);
    assert.deepEqual(await socket.closed, { code: 1000, reason: "done", wasClean: true });
  });

  test("says of each message whether it was confirmed: what was not is told, and sent by nobody again", async () => {
    const came: string[] = [];
    await using peer = await webSocketPeer({ websocket: { autoPong: false } }, (socket, number) => {
      socket.on("message", (data: Buffer) => came.push(`${String(number)}: ${data.toString()}`));
      // The first connection answers one ping, and is cut at the next.
      let pings = 0;
      socket.on("ping", (payload) => {
        pings += 1;
        if (number === 1 && pings === 2) socket.terminate();
        else socket.pong(payload);
      });
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url(), { reconnect });
    await socket.opened;
    socket.send("one");
    await socket.confirmed();
    socket.send("two");
    const lost = await socket.confirmed().then(
      () => assert.fail("it was cut"),
      (error: unknown) => error,
    );
    assert.ok(isCodedError(lost));
    await once(socket, "open");
    socket.send("two, again");
    await socket.confirmed();
    assert.deepEqual(came, ["1: one", "1: two", "2: two, again"]);
  });

  test("tries again where it could not be opened for what may pass, as often as it may", async () => {
    await using peer = await webSocketPeer({
      refuse: (_request, number) => (number < 3 ? ["HTTP/1.1 503 Busy", "content-length: 0"] : undefined),
    });
    await using manager = await open();
    const socket = manager.webSocket(peer.url(), { reconnect: { ...reconnect, attempts: 2 } });
    const told = recordEvents(socket);
    await socket.opened;
    assert.deepEqual(told, [["reconnecting", 1], ["reconnecting", 2], "open"]);
    const fewer = manager.webSocket("ws://127.0.0.1:1/", { reconnect: { ...reconnect, attempts: 2 } });
    const tries = recordEvents(fewer);
    await assert.rejects(fewer.opened, { code: "CONNECTION_REFUSED" });
    assert.deepEqual(tries.slice(0, 2), [
      ["reconnecting", 1],
      ["reconnecting", 2],
    ]);
  });

  test("stays closed where its server, its owner or a broken rule closed it", async () => {
    await using peer = await webSocketPeer({}, (socket, _number, { url, socket: stream }) => {
      if (url === "/rule") stream.write(Buffer.from([0xff, 0x00]));
      else if (url !== "/owner") socket.close(Number(url?.slice(1)));
    });
    await using forbidden = await webSocketPeer({ refuse: () => ["HTTP/1.1 403 Forbidden", "content-length: 0"] });
    await using manager = await open();
    for (const path of ["/1000", "/1008", "/1011", "/4000", "/rule", "/owner"]) {
      const socket = manager.webSocket(peer.url(path), { reconnect });
      const told = recordEvents(socket);
      await socket.opened;
      if (path === "/owner") socket.close();
      await socket.closed;
      assert.ok(!told.some((event) => Array.isArray(event) && event[0] === "reconnecting"), path);
    }
    await assert.rejects(manager.webSocket(forbidden.url(), { reconnect }).opened, { code: "WEBSOCKET_REFUSED" });
    const away = manager.webSocket(peer.url("/1012"), { reconnect: { ...reconnect, delayMilliseconds: 60_000 } });
    await once(away, "reconnecting");
    // While it waits it is closed at once.
    away.close();
    assert.equal((await away.closed).code, 1006);
    const waiting = manager.webSocket(peer.url("/1001"), { reconnect: { ...reconnect, delayMilliseconds: 60_000 } });
    await once(waiting, "reconnecting");
    await manager.close();
    assert.equal(waiting.readyState, waiting.CLOSED);
  });
});
