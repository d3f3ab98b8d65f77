import { openStore } from "@fairlead/store";
import fc from "fast-check";
import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { NOBODY } from "@fairlead/http/cache";
import { LostLessons } from "../../src/memory/lost-lessons.ts";
import type { CachedHead, CacheEntry, CacheLimits, CacheStorage } from "../../src/cache/cache-storage.ts";
import { MemoryCacheStorage } from "../../src/cache/memory-storage.ts";
import { RedirectStorage } from "../../src/cache/redirect-storage.ts";
import { sealedRows } from "../../src/cache/sqlite/row-form.ts";
import { SqliteCacheStorage } from "../../src/cache/sqlite/sqlite-storage.ts";
import { sealedPlace } from "./sealed-place.ts";

const LIMITS: CacheLimits = { maxBytes: 4_000_000, maxEntries: 1_000, maxResponseBytes: 1_000_000 };
const then = Date.UTC(2026, 0, 1);

const place = await sealedPlace();

/** What keeps a body of any size. */
const kinds: Readonly<Record<string, (directory: string, limits: CacheLimits) => CacheStorage>> = {
  memory: (_directory, limits) => new MemoryCacheStorage(limits),
  sqlite: (directory, limits) => new SqliteCacheStorage(join(directory, "cache"), limits, () => then),
  "encrypted sqlite": (directory, limits) =>
    new SqliteCacheStorage(join(directory, "cache"), limits, () => then, sealedRows(place)),
};

function head(extra: Partial<CachedHead> = {}): CachedHead {
  return {
    status: 200,
    message: "OK",
    fields: [["cache-control", "max-age=60"]],
    requestTime: then,
    responseTime: then,
    selectingFields: {},
    identity: NOBODY,
    completeLength: undefined,
    ...extra,
  };
}

function keep(storage: CacheStorage, key: string, content: string, extra: Partial<CachedHead> = {}): CacheEntry {
  const writer = storage.write(key, 0, undefined);
  assert.ok(writer);
  if (content !== "") assert.equal(writer.append(Buffer.from(content)), true);
  const entry = writer.commit(head(extra), []);
  writer.close();
  assert.ok(entry);
  return entry;
}

function contentOf(storage: CacheStorage, entry: CacheEntry, position = 0): string {
  const body = storage.open(entry);
  assert.ok(body);
  const pieces: Uint8Array[] = [];
  for (let at = position; ; ) {
    const piece = body.read(at);
    if (piece === undefined) break;
    pieces.push(piece);
    at += piece.length;
  }
  body.close();
  return Buffer.concat(pieces).toString();
}

function inDirectory(run: (directory: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), "fairlead-cache-"));
    try {
      await run(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}

for (const [name, openKind] of Object.entries(kinds)) {
  const on = (run: (storage: CacheStorage) => void, limits = LIMITS): (() => Promise<void>) =>
    inDirectory((directory) => {
      const storage = openKind(directory, limits);
      run(storage);
      storage.close();
    });

  describe(`a cache in ${name}`, () => {
    test(
      "finds what was committed, as it was, fields that were absent included",
      on((storage) => {
        const selectingFields = { accept: "a", "accept-language": undefined };
        const entry = keep(storage, "k", "content", { selectingFields, completeLength: 7 });
        const [found, ...others] = storage.find("k");
        assert.ok(found);
        assert.deepEqual(found, entry);
        assert.deepEqual(Object.keys(found.selectingFields), ["accept", "accept-language"]);
        assert.deepEqual(others, []);
        assert.deepEqual(storage.find("other"), []);
        assert.equal(contentOf(storage, entry), "content");
        assert.equal(contentOf(storage, entry, 3), "tent");
      }),
    );

    test(
      "tells under which keys something is kept",
      on((storage) => {
        for (const key of ["a", "a", "b"]) keep(storage, key, "x");
        storage.write("c", 0, undefined)?.close();
        assert.deepEqual([...storage.keys()].sort(), ["a", "b"]);
        storage.delete("a");
        assert.deepEqual(storage.keys(), ["b"]);
      }),
    );

    test(
      "shows nothing of what is being written, or was given up",
      on((storage) => {
        const writer = storage.write("k", 0, undefined);
        writer?.append(Buffer.alloc(600_000, "x"));
        assert.deepEqual(storage.find("k"), []);
        assert.equal(writer?.read(599_999)?.length, 1);
        writer.close();
        assert.equal(writer.append(Buffer.from("more")), false);
        assert.equal(writer.commit(head(), []), undefined);
        assert.deepEqual([storage.find("k"), storage.usage()], [[], { entries: 0, bytes: 0 }]);
      }),
    );

    test(
      "copies what it is given, and gives what is the reader's own",
      on((storage) => {
        const writer = storage.write("k", 0, undefined);
        const chunk = Buffer.from("content");
        writer?.append(chunk);
        chunk.fill(0);
        const entry = writer?.commit(head(), []);
        writer?.close();
        assert.ok(entry);
        storage.open(entry)?.read(0)?.fill(0);
        assert.equal(contentOf(storage, entry), "content");
      }),
    );

    test(
      "reads what is large in pieces, also while it is written and after it was replaced",
      on((storage) => {
        const content = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
        const writer = storage.write("k", 0, content.length);
        assert.ok(writer);
        const readAll = (read: (at: number) => Uint8Array | undefined): Buffer => {
          const pieces: Uint8Array[] = [];
          for (let at = 0; at < content.length; ) {
            const piece = read(at);
            assert.ok(piece && piece.length > 0);
            pieces.push(piece);
            at += piece.length;
          }
          return Buffer.concat(pieces);
        };
        for (let at = 0; at < content.length; at += 70_000) writer.append(content.subarray(at, at + 70_000));
        assert.ok(readAll((at) => writer.read(at)).equals(content));
        const entry = writer.commit(head(), []);
        assert.ok(entry);
        assert.ok(readAll((at) => writer.read(at)).equals(content));
        writer.close();
        const body = storage.open(entry);
        assert.ok(body);
        const other = storage.write("k", 0, undefined);
        assert.ok(other);
        other.append(Buffer.from("new"));
        assert.ok(other.commit(head(), [entry]));
        other.close();
        assert.equal(storage.find("k").length, 1);
        assert.ok(readAll((at) => body.read(at)).equals(content));
        body.close();
        assert.equal(storage.open(entry), undefined);
      }),
    );

    test(
      "joins parts of one representation",
      on((storage) => {
        const part = (first: number, content: string, joined?: CacheEntry): CacheEntry => {
          const writer = storage.write("k", first, content.length);
          writer?.append(Buffer.from(content));
          const entry = writer?.commit(head({ status: 206, completeLength: 10 }), joined ? [joined] : [], joined);
          writer?.close();
          assert.ok(entry);
          return entry;
        };
        const first = part(0, "0123");
        const apart = part(8, "89", first);
        assert.deepEqual(apart.parts, [
          { first: 0, last: 3 },
          { first: 8, last: 9 },
        ]);
        assert.equal(contentOf(storage, apart, 2), "23");
        const whole = part(2, "2345678", apart);
        assert.deepEqual(whole.parts, [{ first: 0, last: 9 }]);
        assert.equal(contentOf(storage, whole), "0123456789");
        assert.equal(storage.find("k").length, 1);
      }),
    );

    test(
      "replaces what is said of a response, and keeps its bytes",
      on((storage) => {
        const entry = keep(storage, "k", "content");
        storage.update("k", entry, { ...entry, fields: [["x", "2"]] });
        const [found] = storage.find("k");
        assert.deepEqual(found?.fields, [["x", "2"]]);
        assert.equal(contentOf(storage, found), "content");
      }),
    );

    test(
      "forgets one, all of a key, or everything",
      on((storage) => {
        const one = keep(storage, "a", "1");
        keep(storage, "a", "2");
        keep(storage, "b", "3");
        storage.delete("a", one);
        assert.equal(storage.find("a").length, 1);
        storage.delete("a");
        assert.deepEqual([storage.find("a").length, storage.find("b").length], [0, 1]);
        storage.clear();
        assert.deepEqual([storage.find("b"), storage.usage()], [[], { entries: 0, bytes: 0 }]);
        keep(storage, "b", "4");
        assert.equal(storage.find("b").length, 1);
      }),
    );

    test(
      "keeps within its bounds: by bytes, by number, by variants, by response",
      on(
        (storage) => {
          const large = storage.write("large", 0, undefined);
          assert.equal(large?.append(Buffer.alloc(10_001)), false);
          large.close();
          assert.equal(storage.write("large", 0, 10_001), undefined);
          for (let index = 0; index < 40; index += 1) keep(storage, `k${String(index)}`, "x".repeat(5_000));
          assert.ok(storage.usage().bytes <= 100_000, String(storage.usage().bytes));
          assert.equal(storage.find("k0").length, 0);
          assert.equal(storage.find("k39").length, 1);
          for (let index = 0; index < 40; index += 1) keep(storage, "variants", "x");
          assert.ok(storage.find("variants").length <= 32);
          for (let index = 0; index < 100; index += 1) keep(storage, `n${String(index)}`, "");
          assert.ok(storage.usage().entries <= 50);
        },
        { maxBytes: 100_000, maxEntries: 50, maxResponseBytes: 10_000 },
      ),
    );

    test(
      "bounds what is being written at once",
      on(
        (storage) => {
          const writers = Array.from({ length: 20 }, (_, index) => storage.write(String(index), 0, undefined));
          const taken = writers.filter((writer) => writer?.append(Buffer.alloc(9_000)));
          assert.equal(taken.length, 5);
          for (const writer of writers) writer?.close();
          assert.equal(storage.write("k", 0, undefined)?.append(Buffer.alloc(9_000)), true);
        },
        { maxBytes: 100_000, maxEntries: 50, maxResponseBytes: 10_000 },
      ),
    );

    test(
      "drops first what was used longest ago",
      on(
        (storage) => {
          const first = keep(storage, "first", "x");
          for (let index = 0; index < 9; index += 1) keep(storage, String(index), "x");
          contentOf(storage, first);
          keep(storage, "one more", "x");
          // SQLite counts in milliseconds, all of which are one here, and drops a few at once.
          if (name === "memory") {
            assert.equal(storage.find("first").length, 1);
            assert.equal(storage.find("0").length, 0);
          }
          assert.equal(storage.find("one more").length, 1);
        },
        { maxBytes: 100_000, maxEntries: 10, maxResponseBytes: 10_000 },
      ),
    );
  });
}

describe("a cache in SQLite", () => {
  const open = (directory: string): SqliteCacheStorage =>
    new SqliteCacheStorage(join(directory, "cache"), LIMITS, () => then);

  test(
    "is there again, nobody else's to read",
    inDirectory((directory) => {
      const before = open(directory);
      keep(before, "k", "content");
      for (const file of readdirSync(directory))
        assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file);
      before.close();
      const after = open(directory);
      const [entry] = after.find("k");
      assert.ok(entry);
      assert.equal(contentOf(after, entry), "content");
      after.close();
    }),
  );

  test(
    "is put aside when it is damaged before it is used",
    inDirectory((directory) => {
      writeFileSync(join(directory, "cache"), "no database at all, but long enough for one to be".repeat(100), {
        mode: 0o600,
      });
      const storage = open(directory);
      keep(storage, "k", "content");
      assert.ok(readdirSync(directory).includes("cache.damaged"));
      storage.close();
    }),
  );

  test("throws nothing and hands out nothing wrong when its files are damaged while it is used", async () => {
    const damage = fc.record({
      file: fc.constantFrom("cache", "cache-wal", "cache-shm"),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8_192 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 8 }), (damages) =>
        inDirectory((directory) => {
          const storage = open(directory);
          const keys = Array.from({ length: 12 }, (_, index) => `key ${String(index)}`);
          for (const key of keys) keep(storage, key, key.repeat(5_000));
          for (const { file, at, bytes } of damages) {
            const path = join(directory, file);
            if (!existsSync(path)) continue;
            const descriptor = openSync(path, "r+");
            writeSync(descriptor, bytes, 0, bytes.length, Math.floor(at * fstatSync(descriptor).size));
            closeSync(descriptor);
          }
          for (const key of keys) {
            for (const entry of storage.find(key)) {
              const body = storage.open(entry);
              const piece = body?.read(0);
              assert.ok(piece === undefined || Buffer.from(piece).toString() === key.repeat(5_000));
              body?.close();
            }
            const writer = storage.write(key, 0, undefined);
            writer?.append(Buffer.from("anew"));
            writer?.commit(head(), storage.find(key));
            writer?.close();
          }
          storage.usage();
          storage.keys();
          storage.clear();
          storage.close();
        })(),
      ),
      { numRuns: 40 },
    );
  });

  test(
    "does without a piece, or a head, that was changed",
    inDirectory(async (directory) => {
      const storage = open(directory);
      const piece = keep(storage, "piece", "content");
      keep(storage, "head", "content");
      const { DatabaseSync } = await import("node:sqlite");
      const database = new DatabaseSync(join(directory, "cache"));
      database.exec(`UPDATE pieces SET bytes = 'c0ntent' WHERE response = ${String(piece.id)}`);
      database.exec("UPDATE responses SET head = replace(head, '60', '99') WHERE key = 'head'");
      database.close();
      assert.equal(storage.open(piece), undefined);
      assert.deepEqual(storage.find("head"), []);
      storage.close();
    }),
  );

  test(
    "clears away what a process that ended had begun, and not what another is writing",
    inDirectory(async (directory) => {
      const storage = open(directory);
      const writer = storage.write("mine", 0, undefined);
      writer?.append(Buffer.alloc(300_000));
      const { DatabaseSync } = await import("node:sqlite");
      const database = new DatabaseSync(join(directory, "cache"));
      const insert = database.prepare(
        "INSERT INTO responses (id, key, state, owner, head, checksum, bytes, used_at) VALUES (99, 'k', 0, ?, '', 0, 0, 0)",
      );
      insert.run("999999999 0");
      database.exec("INSERT INTO pieces (response, first, checksum, bytes) VALUES (99, 0, 0, 'x')");
      const other = open(directory);
      assert.equal(database.prepare("SELECT count(*) AS n FROM responses WHERE id = 99").get()?.["n"], 0);
      assert.equal(database.prepare("SELECT count(*) AS n FROM pieces WHERE response = 99").get()?.["n"], 0);
      database.close();
      assert.ok(writer?.commit(head(), []));
      assert.equal(other.find("mine").length, 1);
      other.close();
      storage.close();
    }),
  );
});

describe("permanent redirects", () => {
  const moved = {
    status: 301,
    fields: [
      ["location", "/new"],
      ["cache-control", "max-age=60"],
    ],
  } as const;

  test("are kept in the store as long as they are fresh, with what they say", async () => {
    let now = then;
    await using store = await openStore("memory:", { now: () => now });
    const storage = new RedirectStorage(store, "private", () => now, new LostLessons());
    const entry = keep(storage, " https://a.example/old", "moved", moved);
    assert.equal(contentOf(storage, entry), "moved");
    const expected = {
      url: "https://a.example/old",
      partition: "",
      status: 301,
      location: "/new",
      expiresAt: then + 60_000,
    };
    assert.deepEqual(storage.list(), [expected]);
    const again = new RedirectStorage(store, "private", () => now, new LostLessons());
    assert.deepEqual(again.find(" https://a.example/old"), storage.find(" https://a.example/old"));
    now += 61_000;
    assert.deepEqual(storage.find(" https://a.example/old"), []);
    assert.deepEqual(storage.list(), []);
  });

  test("are forgotten by URL, whatever the partition", async () => {
    await using store = await openStore("memory:", { now: () => then });
    const storage = new RedirectStorage(store, "private", () => then, new LostLessons());
    keep(storage, " https://a.example/old", "", moved);
    keep(storage, "https://b.example https://a.example/old", "", moved);
    keep(storage, " https://a.example/other", "", moved);
    storage.forget("https://a.example/old");
    assert.deepEqual(
      storage.list().map(({ url }) => url),
      ["https://a.example/other"],
    );
  });

  test("a record that somebody changed is none", async () => {
    await using store = await openStore("memory:", { now: () => then });
    const storage = new RedirectStorage(store, "private", () => then, new LostLessons());
    const records = store.collection("permanent-redirects", { maxEntries: 1, secret: false });
    for (const text of ["", "{}", "[{}]", '[{"id":1,"head":"{}","content":""}]']) {
      records.set("k", Buffer.from(text));
      assert.deepEqual(storage.find("k"), [], text);
    }
  });
});
