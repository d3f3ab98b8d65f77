import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { UsageError } from "@fairlead/core";
import { openUdp } from "@fairlead/transport";
import { startTestNetwork } from "@fairlead/testserver";
import { type Fault, formatRelayTarget, parseRelayTarget, startRelay } from "@fairlead/testserver/relay";
import { run } from "../outside.ts";

describe("a relay", () => {
  test("passes what is large both ways, unchanged, to a slow reader too", async () => {
    await using echo = await serve((socket) => socket.pipe(socket));
    await using relay = await startRelay({ to: echo.address });
    const sent = Buffer.alloc(8_000_000, "0123456789abcdefghijk");
    const socket = connectTo(relay);
    socket.end(sent);
    const hash = createHash("sha256");
    for await (const piece of socket) {
      hash.update(piece as Buffer);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(hash.digest("hex"), createHash("sha256").update(sent).digest("hex"));
    assert.deepEqual(relay.connections.accepted, 1);
  });

  test("ends one direction where the server does, and the other goes on", async () => {
    let heard = "";
    await using server = await serve((socket) => {
      socket.end("that is all\n");
      socket.on("data", (piece: Buffer) => (heard += piece.toString()));
    });
    await using relay = await startRelay({ to: server.address });
    const socket = connectTo(relay);
    assert.equal(await textOf(socket), "that is all\n");
    socket.end("and this as well");
    await server.closed();
    assert.equal(heard, "and this as well");
  });

  test("passes on the end of who says nothing else", async () => {
    await using echo = await serve((socket) => socket.pipe(socket));
    await using relay = await startRelay({ to: echo.address });
    const socket = connectTo(relay);
    socket.end();
    assert.equal(await textOf(socket), "");
  });

  test("passes a reset on, in either direction", async () => {
    await using resetting = await serve((socket) => socket.resetAndDestroy());
    await using first = await startRelay({ to: resetting.address });
    const socket = connectTo(first);
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");

    const told = Promise.withResolvers<NodeJS.ErrnoException>();
    await using listening = await serve((server) => {
      server.on("error", told.resolve);
      server.write("go on");
      server.resume();
    });
    await using second = await startRelay({ to: listening.address });
    const client = connectTo(second);
    await once(client, "data");
    client.resetAndDestroy();
    assert.equal((await told.promise).code, "ECONNRESET");
  });

  test("tells a client that writes on to a server that is gone", async () => {
    await using server = await serve((socket) => {
      socket.end("bye");
      socket.once("data", () => socket.destroy());
    });
    await using relay = await startRelay({ to: server.address });
    const socket = connectTo(relay);
    assert.equal(await textOf(socket, false), "bye");
    const failed = once(socket, "error") as Promise<[NodeJS.ErrnoException]>;
    socket.write("one");
    const writing = setInterval(() => socket.write("more"), 5);
    const [error] = await failed;
    clearInterval(writing);
    assert.match(error.code ?? "", /ECONNRESET|EPIPE/);
  });

  test("leads to a Unix socket, whose connections can be closed and reset too", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-relay-"));
    const path = join(folder, "socket");
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      socket.pipe(socket);
    }).listen(path);
    await once(server, "listening");
    await using relay = await startRelay({ to: `unix:${path}` });
    const socket = connectTo(relay);
    socket.end("hello");
    assert.equal(await textOf(socket), "hello");

    relay.faults.add({ type: "reset", afterBytes: 2 });
    const cut = connectTo(relay);
    cut.write("hello");
    const [error] = (await once(cut, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
    server.close();
    await rm(folder, { recursive: true });
  });

  test("resets a client whose server is not there, and tells why", async () => {
    const gone = await serve(() => undefined);
    await gone[Symbol.asyncDispose]();
    await using relay = await startRelay({ to: gone.address });
    const socket = connectTo(relay);
    await once(socket, "error");
    const failed = relay.traffic.find((event) => event.type === "failed");
    assert.match(failed?.reason ?? "", /^connect 127\.0\.0\.1:\d+: the connection was refused \(ECONNREFUSED\)/);
  });

  test("gives up a server that does not accept, at its deadline", async () => {
    // Linux keeps one connection more than the backlog; what comes then gets no answer.
    const script =
      "import socket,sys;s=socket.socket();s.bind(('127.0.0.1',0));s.listen(0);p=s.getsockname()[1];" +
      "c=[socket.socket() for _ in range(4)];[x.setblocking(0) or x.connect_ex(('127.0.0.1',p)) for x in c];" +
      "print(p,flush=True);sys.stdin.read()";
    const { spawn } = await import("node:child_process");
    const child = spawn("/usr/bin/python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    await using relay = await startRelay({
      to: `127.0.0.1:${line.toString().trim()}`,
      connectTimeoutMilliseconds: 100,
    });
    const socket = connectTo(relay);
    await once(socket, "error");
    const failed = relay.traffic.find((event) => event.type === "failed");
    assert.match(failed?.reason ?? "", /within 100 ms/);
    child.stdin.end();
    await once(child, "exit");
  });

  test("stands before a service with the faults that were given, and those that come", async () => {
    await using network = await startTestNetwork({ services: ["https"] });
    const { host, port } = network.https;
    const faults: readonly Fault[] = [{ type: "latency", milliseconds: 200, seed: 1 }];
    await using relay = await startRelay({ to: { host, port }, faults });
    const url = `https://${relay.host}:${relay.port}/json`;
    const timed = ["--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{time_starttransfer}", url];
    const late = await run("curl", timed);
    assert.ok(Number(late.stdout) >= 0.4, late.stdout);
    const { control } = relay.manifest;
    await run("curl", ["--silent", "-X", "DELETE", `${control}/faults`]);
    const json = ["-H", "Content-Type: application/json", "--data", '{"service":"relay","type":"reset"}'];
    await run("curl", ["--silent", ...json, `${control}/faults`]);
    assert.equal((await run("curl", timed)).code, 35);
    assert.deepEqual(
      relay.faults.list.map(({ hits }) => hits),
      [1],
    );
  });

  test("does the same to the same connections by the same seed", async () => {
    await using echo = await serve((socket) => socket.pipe(socket));
    const sent = Buffer.alloc(100_000, "Fairlead");
    const through = async (seed: number): Promise<readonly string[]> => {
      await using relay = await startRelay({
        to: echo.address,
        faults: [
          { type: "corrupt", everyBytes: 5_000, probability: 0.5, direction: "both", seed },
          { type: "slice", sizeBytes: 3_000, pauseMilliseconds: 0, seed },
          { type: "latency", milliseconds: 1, jitterMilliseconds: 1, seed },
        ],
      });
      const hashes: string[] = [];
      for (let turn = 0; turn < 6; turn += 1) {
        const socket = connectTo(relay);
        socket.end(sent);
        hashes.push(
          createHash("sha256")
            .update(await bytesOf(socket))
            .digest("hex"),
        );
      }
      return hashes;
    };
    const [first, again, other] = [await through(7), await through(7), await through(8)];
    assert.deepEqual(again, first);
    assert.notDeepEqual(other, first);
    const whole = createHash("sha256").update(sent).digest("hex");
    assert.ok(first.includes(whole) && first.some((hash) => hash !== whole), "some were hit and some were spared");
  });

  test("relays datagrams, each client's by a socket of its own, and what goes wrong with them", async () => {
    await using server = await openUdp();
    server.on("message", (bytes, from) => server.send(bytes, from));
    await using relay = await startRelay({ to: server.address, transport: "udp" });
    const [first, second] = [createSocket("udp4"), createSocket("udp4")];
    for (const socket of [first, second]) socket.connect(relay.port, relay.host);
    await Promise.all([once(first, "connect"), once(second, "connect")]);
    first.send("one");
    second.send("two");
    const [[one], [two]] = (await Promise.all([once(first, "message"), once(second, "message")])) as [
      [Buffer],
      [Buffer],
    ];
    assert.deepEqual([one.toString(), two.toString()], ["one", "two"]);

    relay.faults.add({ type: "duplicate", copies: 2 });
    const copies: string[] = [];
    const all = new Promise<void>((resolve) => {
      first.on("message", (bytes: Buffer) => copies.push(bytes.toString()) === 3 && resolve());
    });
    first.send("again");
    await all;
    assert.deepEqual(copies, ["again", "again", "again"]);
    first.close();
    second.close();
  });

  test("tells that no one takes datagrams, and goes on", async () => {
    const gone = await openUdp();
    const to = gone.address;
    await gone.close();
    await using relay = await startRelay({ to, transport: "udp" });
    const socket = createSocket("udp4");
    socket.connect(relay.port, relay.host);
    await once(socket, "connect");
    const sending = setInterval(() => socket.send("x"), 5);
    while (!relay.traffic.some(({ type }) => type === "failed")) await new Promise((resolve) => setImmediate(resolve));
    clearInterval(sending);
    socket.close();
  });

  test("writes its manifest privately, and is controlled by it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-relay-"));
    const file = join(folder, "relay.json");
    const relay = await startRelay({ to: "[::1]:80" });
    await relay.writeManifest(file);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const manifest = JSON.parse(await readFile(file, "utf8")) as typeof relay.manifest;
    assert.deepEqual(await (await fetch(`${manifest.control}/manifest`)).json(), manifest);
    assert.equal(manifest.to, "[::1]:80");
    await Promise.all([relay.close(), relay.close()]);
    await assert.rejects(fetch(`${manifest.control}/manifest`));
    await rm(folder, { recursive: true });
  });

  test("says what it cannot do before it does anything", async () => {
    await assert.rejects(startRelay({ to: "nowhere" }), UsageError);
    await assert.rejects(startRelay({ to: "unix:/tmp/socket", transport: "udp" }), UsageError);
    await assert.rejects(startRelay({ to: "localhost:20001", port: 20_001 }), UsageError);
    await assert.rejects(startRelay({ to: "localhost:1", faults: [{ type: "loss" }] }), UsageError);
    await using taken = await serve(() => undefined);
    const { port } = taken.address;
    await assert.rejects(startRelay({ to: "localhost:1", port }), { code: "ADDRESS_IN_USE" });
  });
});

describe("a relay's target", () => {
  for (const text of ["localhost:80", "127.0.0.1:1", "[::1]:65535", "redis.internal:6379", "unix:/run/a b.sock"]) {
    test(`is read and written: ${text}`, () => assert.equal(formatRelayTarget(parseRelayTarget(text)), text));
  }
  for (const text of ["", ":80", "localhost", "localhost:0", "localhost:65536", "::1:80", "a b:1", "unix:", "h:1:2"]) {
    test(`is none: ${JSON.stringify(text)}`, () => assert.throws(() => parseRelayTarget(text), UsageError));
  }
});

interface Served extends AsyncDisposable {
  readonly address: { readonly host: string; readonly port: number };
  /** Every connection so far is closed. */
  closed(): Promise<void>;
}

async function serve(accept: (socket: Socket) => void): Promise<Served> {
  const open = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    open.add(socket);
    accept(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: "127.0.0.1", port },
    closed: async () => {
      for (const socket of open) if (!socket.closed) await once(socket, "close");
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function connectTo({ host, port }: { readonly host: string; readonly port: number }): Socket {
  return connect({ host, port, allowHalfOpen: true });
}

async function bytesOf(socket: Socket, destroys = true): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket.iterator({ destroyOnReturn: destroys })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function textOf(socket: Socket, destroys = false): Promise<string> {
  return (await bytesOf(socket, destroys)).toString("latin1");
}
