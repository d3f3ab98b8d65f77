import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Keeper } from "../../src/stress/keeper.ts";

const mebibyte = 2 ** 20;
const bursts = [{ forMilliseconds: 50, restMilliseconds: 10 }];
const untilRelieved = { seed: 1, durationMilliseconds: 600_000 };

describe("the process that makes stress", () => {
  test("holds the memory that is planned, and gives it back", async () => {
    await using keeper = new Keeper();
    await keeper.load({ ...untilRelieved });
    const before = residentBytes(onlyChild());
    await keeper.relieve();
    await keeper.load({ ...untilRelieved, memory: { holdBytes: 96 * mebibyte } });
    while (residentBytes(onlyChild()) < before + 90 * mebibyte) await nextTurn();
    await keeper.relieve();
    while (residentBytes(onlyChild()) > before + 30 * mebibyte) await nextTurn();
  });

  test("burns by a thread for each row of bursts, and no longer when it is relieved", async () => {
    await using keeper = new Keeper();
    await keeper.load({ ...untilRelieved });
    const quiet = threads(onlyChild());
    await keeper.load({ ...untilRelieved, cpu: [bursts, bursts] });
    while (threads(onlyChild()) < quiet + 2 || burntTicks(onlyChild()) < 20) await nextTurn();
    await keeper.relieve();
    while (threads(onlyChild()) > quiet) await nextTurn();
  });

  test("ends what it does by itself when the time of its plan is up", async () => {
    await using keeper = new Keeper();
    await keeper.load({ seed: 1, durationMilliseconds: 0 });
    const quiet = threads(onlyChild());
    await keeper.load({ seed: 1, durationMilliseconds: 500, cpu: [bursts] });
    while (threads(onlyChild()) <= quiet) await nextTurn();
    while (threads(onlyChild()) > quiet) await nextTurn();
  });

  test("is the one to be ended when memory runs out, and that is told", async () => {
    const keeper = new Keeper();
    await keeper.load({ ...untilRelieved });
    assert.equal(readFileSync(`/proc/${onlyChild()}/oom_score_adj`, "utf8"), "1000\n");
    process.kill(onlyChild(), "SIGKILL");
    await assert.rejects(keeper.load({ ...untilRelieved }), /the process that makes the stress has ended/);
    await keeper[Symbol.asyncDispose]();
  });
});

function onlyChild(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  assert.equal(children.length, 1);
  return Number(children[0]);
}

function residentBytes(pid: number): number {
  return Number(statusOf(pid, "VmRSS")) * 1024;
}

function threads(pid: number): number {
  return Number(statusOf(pid, "Threads"));
}

function statusOf(pid: number, field: string): string {
  return new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
}

/** Hundredths of a second in which its threads have run, behind the name in brackets: proc_pid_stat(5), utime. */
function burntTicks(pid: number): number {
  return Number(
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ")[11],
  );
}
