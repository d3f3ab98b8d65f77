import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type AddressInfo, Socket } from "node:net";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { descriptorOpener, type SocketDescriptor } from "../src/index.ts";

const open = descriptorOpener();
assert(open !== undefined, "these tests need POSIX");

describe("the descriptor of a socket", () => {
  test("carries bytes in both directions, and finds the end", async () => {
    const [near, far] = await tcpPair();
    const end = new End(near);
    far.write("question");
    assert.equal(await end.next(), "question");
    assert.equal(end.descriptor.write(Buffer.from("answer")), 6);
    assert.equal(String((await once(far, "data"))[0]), "answer");
    far.end();
    assert.equal(await end.next(), "");
    // The socket itself is told by reading on.
    const ended = once(near.resume(), "end");
    end.descriptor.handBack();
    await ended;
    end.close();
    far.destroy();
  });

  test("takes what the system takes, and says when there is room again", async () => {
    const [near, far] = await tcpPair();
    const end = new End(near);
    const chunk = Buffer.alloc(1_048_576, 1);
    let sent = 0;
    for (let took = chunk.length; took === chunk.length; sent += took) took = end.descriptor.write(chunk);
    end.descriptor.wants(false, true);
    let received = 0;
    far.on("data", (data: Buffer) => (received += data.length));
    await end.writable;
    while (received < sent) await nextTurn();
    end.close();
    far.destroy();
  });

  test("fails as the socket would", async () => {
    const [near, far] = await tcpPair();
    const end = new End(near);
    far.resetAndDestroy();
    await assert.rejects(end.next(), { code: "ECONNRESET", syscall: "read" });
    assert.throws(() => end.descriptor.write(Buffer.alloc(1)), { code: "EPIPE", syscall: "write" });
    end.close();
  });

  test("reads what came before a reset, and then fails", async () => {
    const [near, far] = await tcpPair();
    await new Promise((resolve) => far.write("last words", resolve));
    far.resetAndDestroy();
    // Both are there when it begins to look, and it wants the same before and after.
    while (!far.closed) await nextTurn();
    const read: string[] = [];
    await new Promise<void>((resolve) => {
      const descriptor = open(near, () => {
        try {
          read.push(String(Buffer.from(descriptor?.read(65_536) ?? "nothing")));
          descriptor?.wants(true, false);
        } catch (error) {
          read.push(String(error));
          descriptor?.close();
          resolve();
        }
      });
      descriptor?.wants(true, false);
    });
    assert.deepEqual(read, ["last words", "Error: read ECONNRESET"]);
    near.destroy();
  });

  test("leaves the socket's timeout running, and counts as its activity", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const [near, far] = await tcpPair();
    let restarted = 0;
    near.setTimeout(1_000);
    t.mock.method(near, "setTimeout", () => {
      restarted += 1;
      return near;
    });
    const end = new End(near);
    end.descriptor.write(Buffer.from("x"));
    assert.equal(restarted, 1);
    end.close();
    far.destroy();
  });

  test("is refused where bytes could be lost, or where there is none", async () => {
    const [near, far] = await tcpPair();
    far.write("early");
    await once(near, "readable");
    assert.equal(
      open(near, () => undefined),
      undefined,
    );
    assert.equal(
      open(new PassThrough(), () => undefined),
      undefined,
    );
    assert.equal(
      open(new Socket(), () => undefined),
      undefined,
    );
    class Wrapped extends Socket {}
    assert.equal(
      open(new Wrapped(), () => undefined),
      undefined,
    );
    assert.equal(String(near.read()), "early");
    near.destroy();
    assert.equal(
      open(near, () => undefined),
      undefined,
    );
    far.destroy();
  });

  test("is closed for good, and twice without harm", async () => {
    const before = openDescriptors();
    const [near, far] = await tcpPair();
    const end = new End(near);
    end.close();
    near.ref();
    near.unref();
    end.close();
    end.descriptor.wants(true, true);
    far.destroy();
    await once(near, "close");
    while (openDescriptors() > before) await nextTurn();
  });

  test("does not outlive the thread that opened it", async () => {
    await using peer = await listening();
    const worker = thread(peer.port, "");
    await once(worker, "message");
    await worker.terminate();
  });

  test("keeps the process alive as long as the socket does", async () => {
    await using peer = await listening();
    const worker = thread(peer.port, "socket.ref(); socket.unref();");
    // It ends by itself, with everything open.
    const [[code]] = (await Promise.all([once(worker, "exit"), once(worker, "message")])) as [[number], unknown];
    assert.equal(code, 0);
  });
});

/** A thread that waits for bytes from a port. */
function thread(port: number, then: string): Worker {
  const source = `
    const { connect } = require("node:net");
    import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)}).then(({ descriptorOpener }) => {
      const socket = connect(${String(port)}, "127.0.0.1", () => {
        descriptorOpener()(socket, () => undefined).wants(true, false);
        ${then}
        require("node:worker_threads").parentPort.postMessage("open");
      });
    });`;
  return new Worker(source, { eval: true });
}

async function listening(): Promise<AsyncDisposable & { readonly port: number }> {
  const accepted: Socket[] = [];
  const server = createServer((socket) => void accepted.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // A server that listens has an address of this form.
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of accepted) socket.destroy();
      await closed;
    },
  };
}

/** One end that is read by its descriptor. */
class End {
  readonly descriptor: SocketDescriptor;
  readonly #socket: Socket;
  #readable = Promise.withResolvers<undefined>();
  readonly #writable = Promise.withResolvers<undefined>();

  constructor(socket: Socket) {
    this.#socket = socket;
    const descriptor = open?.(socket, (readable, writable) => {
      if (readable) this.#readable.resolve(undefined);
      if (writable) this.#writable.resolve(undefined);
      this.descriptor.wants(false, false);
    });
    assert(descriptor !== undefined);
    this.descriptor = descriptor;
  }

  get writable(): Promise<undefined> {
    return this.#writable.promise;
  }

  async next(): Promise<string> {
    this.#readable = Promise.withResolvers();
    this.descriptor.wants(true, false);
    await this.#readable.promise;
    return String(Buffer.from(this.descriptor.read(65_536) ?? "nothing"));
  }

  close(): void {
    this.descriptor.close();
    this.#socket.destroy();
  }
}

async function tcpPair(): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const near = new Socket({ allowHalfOpen: true });
  // A server that listens has an address of this form.
  near.connect((server.address() as AddressInfo).port, "127.0.0.1");
  // The first argument of this event is the socket.
  const [[far]] = (await Promise.all([once(server, "connection"), once(near, "connect")])) as [[Socket], unknown];
  server.close();
  return [near, far];
}

function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
