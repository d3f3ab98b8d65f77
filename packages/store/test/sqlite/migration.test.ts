import assert from "node:assert/strict";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStore, type StoreWarning } from "@fairlead/store";
import { exitOf } from "../process/start-process.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { OlderFairlead } from "./older-schema.ts";

const roomy = { maxEntries: 100_000, secret: false };
const count = 5_000;

describe("a database of an older schema", () => {
  it("is brought to the present one with all that is in it; only who listens is told", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    {
      using older = new OlderFairlead(path);
      older.put("things", [
        ["c", "3", 8e15],
        ["a", "1"],
        ["b", "2"],
      ]);
      older.put("others", [["a", "other"]]);
    }
    const warnings: StoreWarning[] = [];
    {
      await using store = await openStore(`sqlite:${path}`, { onWarning: (warning) => warnings.push(warning) });
      const things = store.collection("things", roomy);
      assert.deepEqual(
        Array.from(things.entries(), ({ key, value, expiresAt, writtenAt }) => [
          key,
          text(value),
          expiresAt,
          writtenAt,
        ]),
        [
          ["c", "3", 8e15, 0],
          ["a", "1", undefined, 0],
          ["b", "2", undefined, 0],
        ],
      );
      assert.equal(store.collection("others", roomy).size, 1);
      things.set("d", Buffer.from("4"));
    }
    assert.deepEqual(
      warnings.map(({ type, message }) => [type, message]),
      [["migrated", "the store was brought from schema 1 to 2"]],
    );
    assert.deepEqual(readdirSync(directory.path), ["db"]);
    await using again = await openStore(`sqlite:${path}`, { onWarning: (warning) => warnings.push(warning) });
    assert.equal(again.collection("things", roomy).size, 4);
    assert.ok((again.collection("things", roomy).get("d")?.writtenAt ?? 0) > 0);
    assert.equal(warnings.length, 1);
  });

  it("is whole whenever the process is killed that brings it to the present one", async () => {
    using directory = temporaryDirectory();
    const original = makeOriginal(directory.path);
    let killed = 0;
    for (let event = 1; event <= 8; event++) {
      using place = temporaryDirectory();
      const path = join(place.path, "db");
      copyFileSync(original, path);
      if (await openUntilKilled(path, event)) killed++;
      await assertOpens(path, `killed at event ${String(event)}`);
    }
    assert.ok(killed > 2, `killed ${String(killed)} times`);
  });

  it("is whole when the process was killed before, in the middle of and after the copy", async () => {
    using directory = temporaryDirectory();
    const original = makeOriginal(directory.path);
    const states: Readonly<Record<string, (path: string) => void>> = {
      "half a copy": (path) => {
        const content = readFileSync(path);
        writeFileSync(`${path}.before-migration.part`, content.subarray(0, content.length / 2), { mode: 0o600 });
      },
      "a copy, and the old schema": (path) => {
        copyFileSync(path, `${path}.before-migration`);
      },
      "half a copy under the final name, as no crash leaves it": (path) => {
        writeFileSync(`${path}.before-migration`, "", { mode: 0o600 });
      },
    };
    for (const [name, make] of Object.entries(states)) {
      using place = temporaryDirectory();
      const path = join(place.path, "db");
      copyFileSync(original, path);
      make(path);
      await assertOpens(path, name);
    }
    using place = temporaryDirectory();
    const path = join(place.path, "db");
    copyFileSync(original, path);
    await assertOpens(path, "first");
    copyFileSync(original, `${path}.before-migration`);
    await assertOpens(path, "a copy, and the present schema");
  });

  it("keeps the copy, and the error names it, when what the migration left is damaged", async () => {
    using directory = temporaryDirectory();
    const original = makeOriginal(directory.path);
    const path = join(directory.path, "db");
    copyFileSync(original, path);
    await assertOpens(path, "first");
    copyFileSync(original, `${path}.before-migration`);
    const content = readFileSync(path);
    content.fill(0xff, 5 * 4_096, 6 * 4_096);
    writeFileSync(path, content);
    await assert.rejects(openStore(`sqlite:${path}`), (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, "STORE_CORRUPT");
      assert.match(error.message, /db\.before-migration/);
      return true;
    });
    assert.deepEqual(readFileSync(`${path}.before-migration`), readFileSync(original));
  });

  it("is brought to the present one once when several open it at once", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    copyFileSync(makeOriginal(directory.path), path);
    const outputs = [0, 1].map(() => outputOf(startOpening(path)));
    const own = openStore(`sqlite:${path}`);
    assert.deepEqual(await Promise.all(outputs), ["opened", "opened"]);
    await (await own).close();
    await assertOpens(path, "afterwards");
  });

  it("stays as it was, with a typed error, when there is no room for the copy", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    copyFileSync(makeOriginal(directory.path), path);
    const before = readFileSync(path);
    // No file may become larger than 128 KiB; the signal that says so is ignored, so that it is an error.
    const child = spawn("sh", ["-c", 'trap "" XFSZ; ulimit -f 256; exec "$@"', "sh", ...openingCommand(path)]);
    assert.equal(await outputOf(child), "StoreError STORE_OPEN_FAILED");
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(directory.path).sort(), ["db", "original"]);
    await assertOpens(path, "with room");
  });

  it("goes on being written by an older Fairlead that has it open, and what that writes and deletes is seen", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    using older = new OlderFairlead(path);
    older.put("things", [
      ["a", "1"],
      ["b", "2"],
    ]);
    await using store = await openStore(`sqlite:${path}`);
    const things = store.collection("things", roomy);
    const fresh = store.collection("fresh", roomy);
    older.put("things", [["c", "3"]]);
    older.delete("things", "a");
    older.put("fresh", [["d", "4"]]);
    while (things.get("c") === undefined || things.get("a") !== undefined || fresh.get("d") === undefined) await turn();
    assert.equal(things.size, 2);
    await using another = await openStore(`sqlite:${path}`);
    assert.equal(another.collection("fresh", roomy).size, 1, "a table that the older one has made is completed");
    older.delete("fresh", "d");
    while (fresh.size > 0) await turn();
  });
});

describe("a database of a newer schema", () => {
  it("is refused, and left as it was to the byte with its write-ahead log", async () => {
    using directory = temporaryDirectory();
    const place = join(directory.path, "place");
    const path = join(place, "db");
    await (await openStore(`sqlite:${path}`)).close();
    using newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 3; CREATE TABLE later (a); INSERT INTO later VALUES (1)");
    const copy = join(place, "copy");
    // As a process leaves them that was killed.
    for (const suffix of ["", "-wal"]) writeFileSync(copy + suffix, readFileSync(path + suffix), { mode: 0o600 });
    const before = [readFileSync(copy), readFileSync(`${copy}-wal`)];
    assert.ok((before[1]?.length ?? 0) > 0);
    for (let round = 0; round < 2; round++) {
      await assert.rejects(openStore(`sqlite:${copy}`), { name: "StoreError", code: "STORE_NEWER" });
      assert.deepEqual([readFileSync(copy), readFileSync(`${copy}-wal`)], before);
    }
  });
});

function makeOriginal(directory: string): string {
  const path = join(directory, "original");
  using older = new OlderFairlead(path);
  older.put(
    "things",
    Array.from({ length: count }, (_, index) => [`key-${String(index)}`, `value of ${String(index)}`]),
  );
  return path;
}

async function assertOpens(path: string, state: string): Promise<void> {
  {
    await using store = await openStore(`sqlite:${path}`);
    const things = store.collection("things", roomy);
    assert.equal(things.size, count, state);
    for (let index = 0; index < count; index++) {
      assert.equal(text(things.get(`key-${String(index)}`)?.value), `value of ${String(index)}`, state);
    }
  }
  assert.deepEqual(
    readdirSync(join(path, "..")).filter((name) => name !== "original"),
    ["db"],
    state,
  );
}

/** Kills a process that opens a store when something happens in its directory for the nth time. @returns whether it came to that. */
async function openUntilKilled(path: string, event: number): Promise<boolean> {
  let left = event;
  const child = startOpening(path);
  const watcher = watch(join(path, ".."), () => {
    if (--left === 0) child.kill("SIGKILL");
  });
  const exit = await exitOf(child);
  watcher.close();
  return exit === "SIGKILL";
}

function openingCommand(path: string): readonly string[] {
  const file = fileURLToPath(new URL("./opening-process.ts", import.meta.url));
  return [process.execPath, "--conditions=source", file, `sqlite:${path}`];
}

function startOpening(path: string): ChildProcessWithoutNullStreams {
  const [command = "", ...parameters] = openingCommand(path);
  return spawn(command, parameters);
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  child.stderr.pipe(process.stderr);
  await exitOf(child);
  return output;
}

function text(value: Uint8Array | undefined): string {
  return value === undefined ? "-" : Buffer.from(value).toString();
}
