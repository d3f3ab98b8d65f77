import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { HstsMemory } from "../../src/memory/hsts-memory.ts";
import { preloadedHosts } from "../../src/memory/preloaded-hosts.ts";

const listed = { includeSubDomains: true };

describe("the preload list is opened", () => {
  test("by the first question, and once", () => {
    let opened = 0;
    const find = preloadedHosts(() => {
      opened++;
      return { find: (host) => (host === "a.example" ? listed : undefined) };
    });
    assert.equal(opened, 0);
    assert.deepEqual([find("a.example"), find("b.example"), opened], [listed, undefined, 1]);
  });

  test("in vain with one warning, and then lists nobody", async () => {
    let opened = 0;
    const find = preloadedHosts(() => {
      opened++;
      throw new Error("the file is gone");
    });
    const warned = once(process, "warning");
    assert.deepEqual([find("a.example"), find("a.example"), opened], [undefined, undefined, 1]);
    const [warning] = (await warned) as [Error & { code?: string }];
    assert.equal(warning.code, "preload-list-unusable");
    assert.match(warning.message, /the file is gone/);
  });

  test("for no name that it cannot speak for, and for no host that has spoken for itself", async () => {
    await using store = await openStore("memory:");
    const asked: string[] = [];
    const memory = new HstsMemory(store, Date.now, (host) => {
      asked.push(host);
      return undefined;
    });
    const nobodys = ["127.0.0.1", "[::1]", "localhost", "intranet", "dev", "a.localhost", "a.fairlead.test", "x.onion"];
    for (const host of nobodys) assert.equal(memory.knows(host), false);
    memory.learn({ hostname: "a.fairlead.test", secure: true, fieldValue: "max-age=0" });
    memory.learn({ hostname: "said.so.net", secure: true, fieldValue: "max-age=60" });
    assert.equal(memory.sourceOf("said.so.net"), "learned");
    assert.deepEqual(asked, []);
    assert.equal(memory.knows("a.so.net"), false);
    assert.deepEqual(asked, ["a.so.net", "so.net", "net"]);
  });
});

test("a record that is damaged does not hide what the list says", async () => {
  await using store = await openStore("memory:");
  const memory = new HstsMemory(store, Date.now, (host) => (host === "a.net" ? listed : undefined));
  memory.learn({ hostname: "a.net", secure: true, fieldValue: "max-age=60" });
  store.collection("hsts", { maxEntries: 10, secret: false }).set("a.net", new TextEncoder().encode("{}"));
  assert.equal(memory.sourceOf("a.net"), "preloaded");
});
