import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";
import { doStep, openThings, verifyThings } from "./history.ts";

const year = 365 * 86_400_000;
const today = Date.UTC(2026, 10, 21);
const seed = 20_261_124;

describe("a clock that jumps", () => {
  for (const scheme of ["file", "sqlite"]) {
    it(`by years, and to the epoch, costs nothing that does not expire (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      let step = -1;
      for (const time of [today, today + 10 * year, 0, today - 20 * year, -year, today + 8_000 * year, today]) {
        let now = time;
        await using store = await openStore(url, { now: () => now, onWarning: ({ message }) => assert.fail(message) });
        const things = openThings(store);
        assert.equal(verifyThings(things, seed), step);
        for (let count = 0; count < 60; count++) {
          doStep(things, seed, ++step);
          // Also while the store is open, and while changes wait.
          now += (count % 2 === 0 ? 1 : -1) * count * year;
          if (count % 20 === 0) await store.flush();
        }
        assert.equal(verifyThings(things, seed), step);
      }
    });

    it(`takes what has expired with it, once, and not what is written later (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      let now = today;
      await using store = await openStore(url, { now: () => now });
      const things = store.collection("things", { maxEntries: 10, secret: false });
      things.set("a", Buffer.from("1"), { expiresAt: today + year });
      await store.flush();
      now = today + 2 * year;
      assert.equal(things.get("a"), undefined);
      await store.flush();
      now = today;
      assert.equal(things.get("a"), undefined, "it does not come back");
      things.set("a", Buffer.from("2"), { expiresAt: today + year });
      await store.flush();
      await using other = await openStore(url, { now: () => now });
      const seen = other.collection("things", { maxEntries: 10, secret: false }).get("a");
      assert.equal(Buffer.from(seen?.value ?? []).toString(), "2");
    });
  }
});
