import assert from "node:assert/strict";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";
import { drill } from "./processes-drill.ts";
import type { SharingReport } from "./sharing-process.ts";
import { exitOf, firstOutput } from "./start-process.ts";

const roomy = { maxEntries: 100_000, secret: false };

describe("eight processes that write and read one SQLite store at once", () => {
  it("lose nothing, are handed each single-use record once, see what the others write, and keep the bound", async (test) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    const url = `sqlite:${path}`;
    {
      await using store = await openStore(url);
      for (let index = 0; index < drill.tickets; index++) {
        store.collection("tickets", roomy).set(String(index), Buffer.from("1"));
      }
    }
    const children = Array.from({ length: drill.processes }, (_, index) =>
      startSharing(url, `process-${String(index)}`),
    );
    const reports = Promise.all(children.map(reportOf));
    await Promise.all(children.map(firstOutput));
    for (const child of children) child.stdin.end();

    const taken = (await reports).flatMap((report) => report.taken);
    assert.equal(new Set(taken).size, drill.tickets, "every ticket was handed out");
    assert.equal(taken.length, drill.tickets, "and none of them twice");
    for (const { mostBounded } of await reports) assert.ok(mostBounded <= drill.bound);

    using database = new DatabaseSync(path);
    const count = (table: string): unknown =>
      database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"];
    assert.equal(count("things"), drill.processes * drill.things);
    assert.equal(count("tickets"), 0);
    assert.ok(Number(count("bounded")) <= drill.bound);
    assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");

    const delays = (await reports).flatMap((report) => report.delaysMilliseconds).sort((a, b) => a - b);
    assert.ok(delays.length > 0, "each waited until it saw all");
    const at = (share: number): string => String(delays[Math.floor(share * (delays.length - 1))]);
    test.diagnostic(`seen by the others after ${at(0.5)} ms (median), ${at(0.99)} ms (99 %), ${at(1)} ms (most)`);
    const shares = (await reports).map((report) => report.taken.length);
    test.diagnostic(`tickets by process: ${shares.join(", ")}`);
  });

  it("leave what was flushed, and a sound database, when they call process.exit() in the middle", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    for (let round = 0; round < 3; round++) {
      const names = [0, 1, 2].map((index) => `${String(round)}-${String(index)}`);
      const children = names.map((name) => startExiting(`sqlite:${path}`, name));
      const flushed = await Promise.all(children.map(flushedBy));
      using database = new DatabaseSync(path);
      assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
      await using store = await openStore(`sqlite:${path}`);
      const things = store.collection("things", roomy);
      names.forEach((name, index) => {
        const last = flushed[index] ?? -1;
        for (let number = 0; number <= last; number++) assert.ok(things.get(`${name}-${String(number)}`));
      });
    }
  });
});

function startSharing(url: string, name: string): ChildProcessWithoutNullStreams {
  return start("sharing-process.ts", url, name);
}

function startExiting(url: string, name: string): ChildProcessWithoutNullStreams {
  return start("exiting-process.ts", url, name);
}

function start(program: string, ...parameters: readonly string[]): ChildProcessWithoutNullStreams {
  const file = fileURLToPath(new URL(`./${program}`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", file, ...parameters]);
  child.stderr.pipe(process.stderr);
  return child;
}

async function reportOf(child: ChildProcessWithoutNullStreams): Promise<SharingReport> {
  const output = await outputOf(child);
  assert.equal(child.exitCode, 0);
  return JSON.parse(output.slice("ready\n".length)) as SharingReport;
}

/** @returns the number of the last record that a process said was durable. */
async function flushedBy(child: ChildProcessWithoutNullStreams): Promise<number> {
  const lines = (await outputOf(child)).trimEnd().split("\n");
  assert.notEqual(lines[0], "", "it flushed");
  return Number(lines.at(-1));
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  await exitOf(child);
  return output;
}
