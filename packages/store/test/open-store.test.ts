import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import fc from "fast-check";
import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { parseStoreUrl } from "../src/store-url.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

describe("parseStoreUrl", () => {
  const accepted: readonly [string, ReturnType<typeof parseStoreUrl>][] = [
    ["memory:", { type: "memory" }],
    ["MEMORY:", { type: "memory" }],
    ["file:/var/lib/x.json", { type: "file", path: "/var/lib/x.json" }],
    ["file:x.json", { type: "file", path: "x.json" }],
    ["file:100%.json", { type: "file", path: "100%.json" }],
    ["file:///a%20b", { type: "file", path: "/a b" }],
    ["sqlite:./x.db", { type: "sqlite", path: "./x.db" }],
    ["sqlite:///a%20b", { type: "sqlite", path: "/a b" }],
    ["sqlite:a?b#c", { type: "sqlite", path: "a?b#c" }],
  ];
  for (const [url, location] of accepted) {
    it(`reads ${url}`, { skip: process.platform === "win32" && url.includes("//") }, () => {
      assert.deepEqual(parseStoreUrl(url), location);
    });
  }

  for (const url of [
    "",
    "x.db",
    "memory:x",
    "file:",
    "sqlite:",
    "redis:x",
    "file://host/x",
    "file:///%",
    "file:a\0b",
    ":",
  ]) {
    it(`refuses ${JSON.stringify(url)}`, () => {
      assert.throws(() => parseStoreUrl(url), { name: "StoreError", code: "STORE_URL_INVALID" });
    });
  }

  it("tells no password that somebody put into the URL of a file", () => {
    for (const url of ["sqlite://me:TOPSECRET@host/x", "sqlite://me:TOPSECRET@[/x"]) {
      assert.throws(
        () => parseStoreUrl(url),
        (error) => error instanceof FairleadError && !inspect(error).includes("TOPSECRET"),
      );
    }
  });

  it("returns or throws STORE_URL_INVALID, whatever it is given", () => {
    const url = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom("file:", "sqlite://", "memory:"), fc.string()).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(url, (text) => {
        try {
          parseStoreUrl(text);
        } catch (error) {
          assert.ok(error instanceof FairleadError && error.code === "STORE_URL_INVALID");
        }
      }),
    );
  });
});

describe("openStore", () => {
  it("says what it was opened by, and takes paths with every character", async () => {
    using directory = temporaryDirectory();
    for (const scheme of ["file", "sqlite"]) {
      const url = `${scheme}:${join(directory.path, `${scheme} ?x=1#%20'"`)}`;
      for (let round = 0; round < 2; round++) {
        await using store = await openStore(url);
        assert.equal(store.url, url);
        const things = store.collection("things", { maxEntries: 1, secret: false });
        assert.equal(things.size, round);
        things.set("a", Buffer.from("1"));
      }
    }
  });

  it("takes file URLs", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "a b");
    await using store = await openStore(pathToFileURL(path).href);
    assert.equal(store.url, `file:${path}`);
  });

  it("says why a path cannot be opened", async () => {
    using directory = temporaryDirectory();
    await (await openStore(`sqlite:${join(directory.path, "db")}`)).close();
    const below = join(directory.path, "db", "below", "store");
    for (const scheme of ["file", "sqlite"]) {
      await assert.rejects(openStore(`${scheme}:${below}`), { code: "STORE_OPEN_FAILED" });
    }
  });
});
