import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore } from "@fairlead/store";
import { bundlePrograms, type Bundle } from "../crash/bundle.ts";
import { live } from "../crash/life.ts";
import { openThings, verifyThings } from "../crash/history.ts";

const size = 8;
const ticketCount = 100;
const recordCount = 200;
const stores = 10;
const kills = 100;
const seed = 20_261_121;

describe("a fleet of eight processes on one Redis", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  let bundle: Bundle;
  before(async () => {
    server = await startRedis({ durable: true });
    bundle = await bundlePrograms("killed-process", "../redis/fleet-process");
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    bundle[Symbol.dispose]();
  });
  const join = (url: string, name: string): Promise<Member> => startMember(bundle.path("fleet-process"), url, name);

  it("loses nothing, has each ticket once, sees what one changes, and ends by itself", async () => {
    await using store = await openStore(server.url);
    const things = store.collection("things", { maxEntries: 100_000, secret: false });
    const tickets = store.collection("tickets", { maxEntries: 100_000, secret: true });
    for (let index = 0; index < ticketCount; index++) tickets.set(`ticket-${String(index)}`, Buffer.from("1"));
    await store.flush();

    const fleet = await Promise.all(Array.from({ length: size }, (_, index) => join(server.url, `p${String(index)}`)));
    const all = (line: string): Promise<readonly string[]> => Promise.all(fleet.map(({ ask }) => ask(line)));

    await all(`write ${String(recordCount)}`);
    const taken = (await all(`take ${String(ticketCount)}`)).flatMap((line) =>
      line.split(" ").filter((key) => key !== ""),
    );
    assert.equal(new Set(taken).size, taken.length, "each by one only");
    assert.ok(taken.length > 0);
    // Those that were too slow for anybody are nobody's.
    assert.ok(taken.length <= ticketCount);

    const seen = all("see news");
    things.set("news", Buffer.from("1"));
    await seen;

    assert.deepEqual(await Promise.all(fleet.map(({ end }) => end())), Array(size).fill(0));
    await using after = await openStore(server.url);
    const written = after.collection("things", { maxEntries: 100_000, secret: false });
    assert.equal(written.size, size * (recordCount + 1) + 1);
    assert.equal(after.collection("tickets", { maxEntries: 100_000, secret: true }).size, 0);
  });

  it(`has what was flushed, and no half of a batch, when its processes are killed, ${String(stores * kills)} times`, async () => {
    // Each process writes to all of them, so that it dies in the middle of as many different things.
    const killed = Array.from({ length: stores }, (_, index) => {
      const name = `killed-${String(index)}`;
      const key = index % 2 === 0 ? undefined : "5e".repeat(32);
      return { name, url: `${server.url}?prefix=${name}`, key, inspect: () => undefined };
    });
    await live(bundle.path("killed-process"), killed, seed, kills);
    for (const { url, key } of killed) {
      await using store = await openStore(url, { key: key === undefined ? undefined : Buffer.from(key, "hex") });
      assert.ok(verifyThings(openThings(store), seed) > 0, "it wrote");
    }
  });

  it("has what was flushed when the engine is killed, 5 times", async () => {
    const url = `${server.url}?prefix=engine`;
    await using writer = await join(url, "w");
    for (let round = 0; round < 5; round++) {
      await writer.ask(`write ${String(10 * (round + 1))}`);
      await server.kill();
      await server.start();
      await using store = await openStore(url);
      assert.equal(store.collection("things", { maxEntries: 100_000, secret: false }).size, 10 * (round + 1));
    }
    assert.equal(await writer.end(), 0);
  });
});

interface Member extends AsyncDisposable {
  readonly ask: (line: string) => Promise<string>;
  /** Tells it to end, and waits for its exit code. */
  readonly end: () => Promise<number | null>;
}

async function startMember(program: string, url: string, name: string): Promise<Member> {
  const child = spawn(process.execPath, [program, url, name], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "close") as Promise<[number | null]>;
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    assert.ok(done !== true, `the process ended: ${complaint}`);
    return value;
  };
  assert.equal(await answer(), "ready");
  return {
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    end: async () => {
      child.stdin.end("end\n");
      return (await exit)[0];
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
