import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, unusedPort, type RedisServer } from "@fairlead/conformance/peers";
import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { loadClient } from "../../src/redis/client-module.ts";
import { listenForWarnings } from "./listening.ts";

const roomy = { maxEntries: 100, secret: false };

describe("opening a store in Redis", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;

  before(async () => {
    server = await startRedis({ password: "pass@word" });
  });
  after(() => server[Symbol.asyncDispose]());

  it("takes user, password and database, and never tells them", async () => {
    for (const user of ["", "default"]) {
      const url = server.url.replace("//", `//${user}:pass%40word@`);
      await using store = await openStore(`${url}/3`);
      assert.equal(store.url, `${server.url}/3`);
      store.collection("things", roomy).set("a", Buffer.from("1"));
      await store.flush();
      assert.match(await server.command("-n", "3", "KEYS", "*"), /\{fairlead\}:records:things/);
    }
  });

  it("goes by a Unix socket", async () => {
    const url = `redis+unix://:pass%40word@${server.socket}?database=4&prefix=here`;
    await using store = await openStore(url);
    assert.equal(store.url, `redis+unix://${server.socket}?database=4&prefix=here`);
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await store.flush();
    assert.match(await server.command("-n", "4", "KEYS", "*"), /\{here\}:records:things/);
  });

  for (const [what, user, detail] of [
    ["a wrong password", ":wr0ng@", /user or password is refused/],
    ["no password", "", /asks for a password/],
  ] as const) {
    it(`says so: ${what}`, async () => {
      await rejects(server.url.replace("//", `//${user}`), "STORE_OPEN_FAILED", detail, "wr0ng");
    });
  }

  it("says so: a user who may not do what a store does", async () => {
    await server.command("ACL", "SETUSER", "reader", "on", ">word", "~*", "&*", "+@read", "+@connection");
    await rejects(server.url.replace("//", "//reader:word@"), "STORE_OPEN_FAILED", /may not do/, "word");
  });

  it("needs no more rights than the README says", async () => {
    const rights = "~{shop}:* &{shop}:* -@all +@connection +@pubsub +@scripting +@string +@hash +@sortedset +del";
    await server.command("ACL", "SETUSER", "app", "on", ">word", ...rights.split(" "));
    const url = `${server.url.replace("//", "//app:word@")}?prefix=shop`;
    await using store = await openStore(url, { onWarning: ({ message }) => assert.fail(message) });
    const things = store.collection("things", { maxEntries: 2, secret: false });
    for (const key of ["a", "b", "c"]) things.set(key, Buffer.from("1"), { expiresAt: Date.now() + 60_000 });
    await store.flush();
    assert.equal((await things.take("b"))?.key, "b");
    things.delete("c");
    things.clear();
    await store.flush();
    assert.equal((await server.command("KEYS", "{shop}:records:*")).trim(), "");
    await rejects(url.replace("shop", "other"), "STORE_OPEN_FAILED", /may not do/);
  });

  it("says so: a newer form, which is left as it is", async () => {
    await server.command("SET", "{newer}:schema", "2");
    await rejects(`${server.url.replace("//", "//:pass%40word@")}?prefix=newer`, "STORE_NEWER", /schema 2/);
    assert.equal((await server.command("KEYS", "{newer}:*")).trim(), "{newer}:schema");
  });

  it("does not write to a store that became newer while it was open", async () => {
    await using store = await openStore(`${server.url.replace("//", "//:pass%40word@")}?prefix=later`, {
      onWarning: () => undefined,
    });
    await server.command("SET", "{later}:schema", "2");
    const things = store.collection("things", roomy);
    things.set("a", Buffer.from("1"));
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    assert.equal((await server.command("KEYS", "{later}:*")).trim(), "{later}:schema");
    await server.command("DEL", "{later}:schema");
    await store.flush();
  });

  it("says so: the package of the client is missing", async () => {
    const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package '@redis/client'"));
    await assert.rejects(loadClient("redis://h", missing), {
      code: "STORE_OPEN_FAILED",
      remedy: "run npm install @redis/client",
    });
  });
});

describe("opening a store in what is no Redis", () => {
  it("says so: nobody listens", async () => {
    await rejects(`redis://127.0.0.1:${String(await unusedPort())}`, "STORE_UNREACHABLE", /cannot be reached/);
    await rejects("redis+unix:///nonexistent/socket", "STORE_UNREACHABLE", /cannot be reached/);
  });

  for (const [what, answer] of [
    ["a server that never answers", () => undefined],
    ["a server that hangs up", (socket: Socket) => socket.end()],
    ["a server that cuts the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["a server of HTTP", (socket: Socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["a server that talks nonsense", (socket: Socket) => socket.write(Buffer.alloc(100_000, 0xa5))],
    ["an answer that has no end", (socket: Socket) => flood(socket, "$2000000000\r\n")],
    ["a list that has no end", (socket: Socket) => flood(socket, "*2000000000\r\n", ":1\r\n")],
  ] as const) {
    it(`says so: ${what}`, async () => {
      await using fake = await serve(answer);
      await rejects(fake.url, "STORE_UNREACHABLE", /cannot be reached/);
      await fake.isAlone();
    });
  }

  it("says so: a server that knows no RESP3", async () => {
    await using fake = await serve((socket) => socket.write("-ERR unknown command 'HELLO'\r\n"));
    await rejects(fake.url, "STORE_OPEN_FAILED", /does not know a command/);
  });

  it("says so: a server that is still loading", async () => {
    await using fake = await serve((socket) => socket.write("-LOADING Redis is loading the dataset in memory\r\n"));
    await rejects(fake.url, "STORE_OPEN_FAILED", /still reading its data/);
  });

  it("can be given up, and leaves no connection", async () => {
    const abort = new AbortController();
    const reason = new Error("given up");
    await using fake = await serve(() => {
      abort.abort(reason);
    });
    await assert.rejects(openStore(fake.url, { redis: { signal: abort.signal } }), reason);
    await fake.isAlone();
    await assert.rejects(openStore(fake.url, { redis: { signal: abort.signal } }), reason);
  });
});

describe("a store that is opened without its engine", { skip: skipWithoutRedis() }, () => {
  it("is empty until there is one, then has all, and what was written meanwhile", async () => {
    await using server = await startRedis({ durable: true });
    {
      await using store = await openStore(server.url);
      for (const key of ["a", "b"]) store.collection("things", roomy).set(key, Buffer.from("old"));
    }
    await server.stop();
    const warnings = listenForWarnings();
    await using store = await openStore(server.url, { onWarning: warnings.onWarning, redis: { startOffline: true } });
    const things = store.collection("things", roomy);
    assert.equal(things.size, 0);
    assert.equal(await things.find("a"), undefined);
    things.set("b", Buffer.from("new"));
    await server.start();
    await warnings.next("engine-back");
    await store.flush();
    assert.deepEqual(
      [...things.entries()].map(({ key, value }) => `${key}=${Buffer.from(value).toString()}`).toSorted(),
      ["a=old", "b=new"],
    );
    assert.deepEqual(warnings.types, ["engine-lost", "engine-back"]);
  });

  it("is refused all the same where the engine refuses it", async () => {
    await using server = await startRedis({ password: "word" });
    await assert.rejects(openStore(server.url, { redis: { startOffline: true } }), { code: "STORE_OPEN_FAILED" });
  });
});

async function rejects(url: string, code: string, message: RegExp, secret = "\0"): Promise<void> {
  await assert.rejects(openStore(url, { redis: { answerMilliseconds: 1_500 } }), (error: unknown) => {
    assert.ok(error instanceof FairleadError);
    assert.equal(error.code, code, String(error.cause));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(secret) && !String(error.cause).includes(secret));
    return true;
  });
}

interface FakeServer extends AsyncDisposable {
  readonly url: string;
  /** Resolves when no connection is open. */
  isAlone(): Promise<void>;
}

async function serve(answer: (socket: Socket) => unknown): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    socket.once("data", () => {
      answer(socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    isAlone: async () => {
      await Promise.all(
        Array.from(sockets, (socket) => new Promise((resolve) => socket.resume().once("close", resolve))),
      );
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Writes for as long as the other side reads. */
function flood(socket: Socket, head: string, part = "x"): void {
  const chunk = Buffer.alloc(64 * 1024, part);
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.write(head);
  socket.on("drain", write);
  write();
}
