import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { skipWithoutRedis, startRedis, unusedPort, type RedisServer } from "@fairlead/conformance/peers";
import { openStore } from "@fairlead/store";
import { listenForWarnings, listenTo } from "./listening.ts";

const roomy = { maxEntries: 10_000, secret: false };

describe("a store in a cluster", { skip: skipWithoutRedis() }, () => {
  it("is on the server that has its slot, whichever is asked, and follows the slot to another", async () => {
    await using first = await startRedis({ lines: clusterLines });
    await using second = await startRedis({ lines: clusterLines });
    await first.command("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
    await second.command("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
    await second.command("CLUSTER", "SET-CONFIG-EPOCH", "2");
    await first.command("CLUSTER", "MEET", "127.0.0.1", String(second.port));
    for (const server of [first, second]) {
      await reaches(server, ["CLUSTER", "INFO"], /cluster_slots_assigned:16384/);
      await reaches(server, ["CLUSTER", "INFO"], /cluster_state:ok/);
    }
    const url = `redis+cluster://127.0.0.1:${String(await unusedPort())},127.0.0.1:${String(first.port)}`;
    const owners = new Set<RedisServer>();
    for (const prefix of ["a", "b", "c"]) {
      await using store = await openStore(`${url}?prefix=${prefix}`);
      await using other = await openStore(`redis+cluster://127.0.0.1:${String(second.port)}?prefix=${prefix}`);
      const listener = listenTo(other.collection("things", roomy));
      store.collection("things", roomy).set("a", Buffer.from("1"));
      await listener.hears("a=1");
      for (const server of [first, second]) {
        if ((await server.command("KEYS", `{${prefix}}:*`)).includes("records:things")) owners.add(server);
      }
    }
    assert.equal(owners.size, 2, "prefixes spread over the servers");

    const slot = (await first.command("CLUSTER", "KEYSLOT", "{moved}")).trim();
    const [from, to] = Number(slot) <= 8_191 ? [first, second] : [second, first];
    const warnings = listenForWarnings();
    await using store = await openStore(`${url}?prefix=moved`, { onWarning: warnings.onWarning });
    const newOwner = (await to.command("CLUSTER", "MYID")).trim();
    for (const server of [to, from]) await server.command("CLUSTER", "SETSLOT", slot, "NODE", newOwner);
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    await warnings.next("engine-back");
    await store.flush();
    assert.match(await to.command("KEYS", "{moved}:*"), /records:things/);
  });
});

describe("a store behind sentinels", { skip: skipWithoutRedis() }, () => {
  it("follows the master to another server", async () => {
    await using first = await startRedis();
    await using second = await startRedis({ lines: [`replicaof 127.0.0.1 ${String(first.port)}`] });
    await reaches(second, ["INFO", "replication"], /master_link_status:up/);
    await using sentinel = await startRedis({
      sentinel: true,
      lines: [
        `sentinel monitor fleet 127.0.0.1 ${String(first.port)} 1`,
        "sentinel down-after-milliseconds fleet 500",
        "sentinel failover-timeout fleet 3000",
      ],
    });
    await reaches(sentinel, ["SENTINEL", "REPLICAS", "fleet"], new RegExp(String(second.port)));
    const hosts = `127.0.0.1:${String(await unusedPort())},127.0.0.1:${String(sentinel.port)}`;
    await assert.rejects(openStore(`redis+sentinel://${hosts}/nobody`), { code: "STORE_UNREACHABLE" });

    const warnings = listenForWarnings();
    await using store = await openStore(`redis+sentinel://${hosts}/fleet`, { onWarning: warnings.onWarning });
    const things = store.collection("things", roomy);
    things.set("before", Buffer.from("1"));
    await store.flush();
    await reaches(second, ["HEXISTS", "{fairlead}:records:things", "before"], /1/);
    await first.kill();
    await warnings.next("engine-lost");
    things.set("during", Buffer.from("2"));
    await warnings.next("engine-back");
    await store.flush();
    assert.equal((await second.command("HLEN", "{fairlead}:records:things")).trim(), "2");
    assert.deepEqual(
      [...things.entries()].map(({ key }) => key),
      ["before", "during"],
    );
  });
});

const clusterLines = ["cluster-enabled yes", "cluster-node-timeout 5000", "cluster-require-full-coverage no"];

/** Asks until the answer is as it should be: what servers do among themselves tells nobody. */
async function reaches(server: RedisServer, command: readonly string[], pattern: RegExp): Promise<void> {
  while (!pattern.test(await server.command(...command)));
}
