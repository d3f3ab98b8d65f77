import { NOBODY } from "@fairlead/http/cache";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openNetworkAccessManager } from "../../src/index.ts";
import type { CachedHead } from "../../src/cache/cache-storage.ts";
import { sealedRows } from "../../src/cache/sqlite/row-form.ts";
import { SqliteCacheStorage } from "../../src/cache/sqlite/sqlite-storage.ts";
import { cacheOrigin } from "./cache-origin.ts";
import { sealedPlace } from "./sealed-place.ts";

const limits = { maxBytes: 4_000_000, maxEntries: 1_000, maxResponseBytes: 1_000_000 };
const head: CachedHead = {
  status: 200,
  message: "OK",
  fields: [["cache-control", "max-age=60"]],
  requestTime: 0,
  responseTime: 0,
  selectingFields: {},
  identity: NOBODY,
  completeLength: undefined,
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fairlead-cache-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("the responses of a manager whose store is encrypted", () => {
  test("are found again, and show in no file; what was kept before is gone", async () => {
    await using origin = await cacheOrigin((_request, response) => {
      response.writeHead(200, { "cache-control": "max-age=3600", "content-type": "text/plain" }).end("private words");
    });
    const url = `${origin.url}/account-of-alice`;
    const store = `sqlite:${join(directory, "network.db")}`;
    await ask(store, undefined, url);
    assert.ok(contents().includes("private words"), "what is plain is seen by this test");
    assert.ok(contents().includes("account-of-alice"));
    writeFileSync(join(directory, "network.db.cache.damaged"), "private words", { mode: 0o600 });

    const key = randomBytes(32);
    await ask(store, key, url);
    assert.equal(origin.requests.length, 2, "what was plain is asked for again");
    await ask(store, key, url);
    assert.equal(origin.requests.length, 2, "what is encrypted is found");
    assert.equal(contents().includes("private words"), false);
    assert.equal(contents().includes("account-of-alice"), false);

    // The key is lost: the records are dropped, and so are the responses.
    await ask(store, randomBytes(32), url);
    assert.equal(origin.requests.length, 3);
  });
});

describe("an encrypted row", () => {
  test("is none once it was moved to another response, or its bytes to another place", async () => {
    const place = await sealedPlace();
    const storage = new SqliteCacheStorage(join(directory, "cache"), limits, () => 0, sealedRows(place));
    for (const key of ["a", "b", "c", "d"]) {
      const writer = storage.write(key, 0, undefined);
      assert.ok(writer);
      assert.ok(writer.append(Buffer.from(`content of ${key}`)));
      assert.ok(writer.commit(head, []));
      writer.close();
    }
    {
      using database = new DatabaseSync(join(directory, "cache"));
      const exchange = (table: string, column: string, id: string, one: number, other: number): void => {
        const read = database.prepare(`SELECT ${column} AS content FROM ${table} WHERE ${id} = ?`);
        const write = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${id} = ?`);
        const contents = [one, other].map((number) => read.get(number)?.["content"] as Uint8Array);
        write.run(contents[1] ?? null, one);
        write.run(contents[0] ?? null, other);
      };
      exchange("responses", "head", "id", 1, 2);
      exchange("pieces", "bytes", "response", 3, 4);
    }
    assert.deepEqual(storage.find("a"), []);
    assert.deepEqual(storage.find("b"), []);
    const [entry] = storage.find("c");
    assert.ok(entry);
    assert.equal(storage.open(entry), undefined);
    assert.deepEqual([...storage.keys()].sort(), ["c", "d"]);
    storage.close();
  });
});

async function ask(store: string, key: Uint8Array | undefined, url: string): Promise<void> {
  await using manager = await openNetworkAccessManager({ store: { url: store, key } });
  const response = await manager.fetch(url);
  assert.equal(await response.text(), "private words");
}

/** All bytes of all files. */
function contents(): string {
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name)).toString("latin1"))
    .join("\n");
}
