import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 100, secret: false };

describe("the file", () => {
  it("can be read by a person", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    {
      await using store = await openStore(`file:${path}`, { now: () => Date.UTC(2026, 10, 21) });
      const hsts = store.collection("hsts", roomy);
      const expiresAt = Date.UTC(2026, 11, 1);
      hsts.set("a.example", Buffer.from('{"includeSubDomains":true}'), { expiresAt });
      hsts.set("b.example", Buffer.from("{}"));
      store.collection("tls-tickets", roomy).set("a.example:443", Uint8Array.of(0, 1, 2));
    }
    assert.equal(
      readFileSync(path, "utf8"),
      `{
  "fairlead": {"version":1},
  "collections": {
    "hsts": {
      "a.example": {"value":{"includeSubDomains":true},"expires":"2026-12-01T00:00:00.000Z","written":"2026-11-21T00:00:00.000Z"},
      "b.example": {"value":{},"written":"2026-11-21T00:00:00.000Z"}
    },
    "tls-tickets": {
      "a.example:443": {"base64":"AAEC","written":"2026-11-21T00:00:00.000Z"}
    }
  }
}
`,
    );
  });

  it("can be edited by a person, whose members are kept", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    const edited = {
      comment: "mine",
      fairlead: { version: 1, since: "2026" },
      collections: {
        things: { a: { value: [1, "ü"], expires: "2100-01-01", note: "keep" }, b: { value: 2, note: "keep" } },
        unknown: { x: { base64: "AAEC" } },
      },
    };
    write(path, `\ufeff${JSON.stringify(edited, undefined, 4)}`);
    {
      await using store = await openStore(`file:${path}`, { now: () => Date.UTC(2026, 10, 21) });
      const things = store.collection("things", roomy);
      assert.equal(text(store, "a"), '[1,"ü"]');
      assert.equal(things.get("a")?.writtenAt, 0, "a person need not say when");
      assert.equal(things.get("a")?.expiresAt, Date.UTC(2100, 0, 1));
      things.set("b", Buffer.from("3"));
    }
    const { a } = edited.collections.things;
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), {
      ...edited,
      collections: {
        things: {
          a: { ...a, expires: "2100-01-01T00:00:00.000Z" },
          b: { value: 3, written: "2026-11-21T00:00:00.000Z", note: "keep" },
        },
        unknown: edited.collections.unknown,
      },
    });
  });

  it("may hold names that other programs choke on", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    const record = '{"value":1,"note":"mine","__proto__":{"polluted":true}}';
    const odd = `"__proto__": {"a": {"value":1}}, "Not \\u001b[31m ours": {"a": {"value":1}}`;
    write(
      path,
      `{"fairlead":{"version":1},"collections":{"things":{"__proto__":${record},"constructor":${record}},${odd}}}`,
    );
    {
      await using store = await openStore(`file:${path}`);
      const things = store.collection("things", roomy);
      assert.deepEqual(
        Array.from(things.entries(), ({ key }) => key),
        ["__proto__", "constructor"],
      );
      assert.equal(text(store, "__proto__"), "1");
      assert.deepEqual(store.collectionNames(), ["things"], "others cannot be opened");
      things.set("__proto__", Buffer.from("2"));
      things.set("toString", Buffer.from("3"));
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    const written = readFileSync(path, "utf8");
    assert.match(written, /"__proto__": \{"value":2,"written":"[^"]+","note":"mine","__proto__":\{"polluted":true\}\}/);
    assert.match(written, /"Not \\u001b\[31m ours"/, "what is not ours is kept");
  });

  it("writes no control character to the terminal by a warning", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    write(path, '{"fairlead":{"version":1},"collections":{"\\u001b[31m":{"a":{}}}}');
    const warned = once(process, "warning");
    const store = await openStore(`file:${path}`);
    const [warning] = (await warned) as [Error];
    assert.match(warning.message, /\\u\{1b\}\[31m: the record has neither/);
    await store.close();
  });

  it("may be edited while the store is open", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    {
      await using store = await openStore(`file:${path}`);
      store.collection("things", roomy).set("a", Buffer.from("1"));
      await store.flush();
      write(path, readFileSync(path, "utf8").replace(/"a": \{"value":1/, '"b": {"value":2'));
      store.collection("things", roomy).set("c", Buffer.from("3"));
    }
    await using store = await openStore(`file:${path}`);
    assert.deepEqual(keysOf(store), ["b", "c"]);
  });

  it("may be empty", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    write(path, "");
    await (await openStore(`file:${path}`)).close();
  });

  it("is not made by a store that writes nothing", async () => {
    using directory = temporaryDirectory();
    await (await openStore(`file:${join(directory.path, "store.json")}`)).close();
    assert.deepEqual(readdirSync(directory.path), []);
  });
});

describe("damage to the file", () => {
  it("in one record drops it with a warning; the rest loads", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    const things = {
      first: { value: 1 },
      number: 1,
      nothing: {},
      bytes: { base64: "not base64" },
      date: { value: 1, expires: "soon" },
      last: { value: 2 },
    };
    write(path, JSON.stringify({ fairlead: { version: 1 }, collections: { things, others: [] } }));
    const warnings: StoreWarning[] = [];
    await using store = await openStore(`file:${path}`, { onWarning: (warning) => warnings.push(warning) });
    assert.deepEqual(keysOf(store), ["first", "last"]);
    assert.deepEqual(
      warnings.map(({ type, collection }) => `${type} ${String(collection)}`),
      [...Array<string>(4).fill("record-dropped things"), "record-dropped others"],
    );
  });

  const unusable = [
    ["text that is not JSON", "{", "STORE_CORRUPT"],
    ["JSON that is not a store", '{"collections":{}}', "STORE_CORRUPT"],
    ["an array", "[]", "STORE_CORRUPT"],
    ["a store without a version", '{"fairlead":{}}', "STORE_CORRUPT"],
    ["collections that are a list", '{"fairlead":{"version":1},"collections":[]}', "STORE_CORRUPT"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff]), "STORE_CORRUPT"],
    ["a newer version", '{"fairlead":{"version":2}}', "STORE_NEWER"],
  ] as const;
  for (const [what, content, code] of unusable) {
    it(`as a whole is refused and left as it was: ${what}`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store.json");
      write(path, content);
      await assert.rejects(openStore(`file:${path}`), { name: "StoreError", code });
      assert.deepEqual(readFileSync(path), Buffer.from(content));
    });
  }

  it("that is far too large is refused without being read", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    write(path, "{");
    truncateSync(path, 100 * 1024 * 1024);
    const failure = { code: "STORE_OPEN_FAILED", message: /larger than 64 MiB.*sqlite:PATH/ };
    await assert.rejects(openStore(`file:${path}`), failure);
  });

  it("that would be is not written: the changes stay queued", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    await using store = await openStore(`file:${path}`, { onWarning: () => undefined });
    const things = store.collection("things", roomy);
    things.set("small", Buffer.from("1"));
    await store.flush();
    const before = readFileSync(path);
    things.set("large", new Uint8Array(50 * 1024 * 1024));
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(directory.path), ["store.json"]);
    things.delete("large");
    await store.flush();
  });

  it("while the store is open fails the write, which stays queued until the file is mended", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    await using store = await openStore(`file:${path}`, { onWarning: () => undefined });
    store.collection("things", roomy).set("a", Buffer.from("1"));
    write(path, "{");
    await assert.rejects(store.flush(), (error: Error) => {
      assert.match(String(error.cause), /not JSON/);
      return true;
    });
    assert.equal(readFileSync(path, "utf8"), "{");
    write(path, '{"fairlead":{"version":1}}');
    await store.flush();
    assert.match(readFileSync(path, "utf8"), /"a": \{"value":1,/);
    assert.deepEqual(readdirSync(directory.path), ["store.json"]);
  });
});

function write(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content, { mode: 0o600 });
}

function keysOf(store: Store): readonly string[] {
  return [...store.collection("things", roomy).entries()].map(({ key }) => key);
}

function text(store: Store, key: string): string {
  return Buffer.from(store.collection("things", roomy).get(key)?.value ?? []).toString();
}
