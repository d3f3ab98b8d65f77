import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";
import { exitOf, firstOutput, startProcess } from "./start-process.ts";

describe("processes", () => {
  for (const scheme of ["file", "sqlite"]) {
    it(`lose nothing when two write at once (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const children = ["one", "two"].map((name) => startProcess("some", url, name));
      const exits = Promise.all(children.map(exitOf));
      await Promise.all(children.map(firstOutput));
      for (const child of children) child.stdin.end();
      assert.deepEqual(await exits, [0, 0]);
      await using store = await openStore(url);
      assert.equal(store.collection("things", { maxEntries: 1_000, secret: false }).size, 400);
    });

    it(`that end without closing the store have written it (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      assert.equal(await exitOf(startProcess("no-close", url)), 0);
      await using store = await openStore(url);
      assert.equal(store.collection("things", { maxEntries: 1_000, secret: false }).size, 1);
    });
  }
});
