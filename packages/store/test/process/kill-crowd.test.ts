import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { bundlePrograms } from "../crash/bundle.ts";
import { seededRandom } from "../crash/random.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const seed = 20_261_122;
const size = 8;
const kills = 24;
const ticketCount = 300;
const roomy = { maxEntries: 100_000, secret: false };

describe("eight processes on one store, of which one after the other is killed", () => {
  for (const scheme of ["file", "sqlite"]) {
    it(`lose nothing that one has flushed, take each ticket once, and leave no lock (${scheme})`, async (test) => {
      using bundle = await bundlePrograms("crowd-process");
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      {
        await using store = await openStore(url);
        const tickets = store.collection("tickets", roomy);
        for (let ticket = 0; ticket < ticketCount; ticket++) tickets.set(String(ticket), Buffer.from("1"));
      }
      const random = seededRandom(seed);
      const members: Member[] = [];
      const gone: Member[] = [];
      const addMember = (): void => {
        const number = members.length + gone.length;
        members.push(startMember(bundle.path("crowd-process"), url, `process-${String(number)}`, seed + number));
      };
      while (members.length < size) addMember();
      for (let round = 0; round < kills; round++) {
        const [victim] = members.splice(Math.floor(random() * members.length), 1);
        assert.ok(victim);
        // It is in the middle of anything: of its start, or of what follows so many events of it.
        await victim.saysTimes(Math.floor(random() * 6));
        victim.child.kill("SIGKILL");
        gone.push(victim);
        addMember();
      }
      // Who is left can go on.
      await Promise.all(members.map((member) => member.saysTimes(member.said + 2)));
      for (const { child } of members) child.stdin?.end();
      assert.deepEqual(await Promise.all(members.map(({ exit }) => exit)), Array(size).fill(0));
      await Promise.all(gone.map(({ exit }) => exit));

      await using store = await openStore(url, { onWarning: ({ message }) => assert.fail(message) });
      const things = store.collection("things", roomy);
      let flushed = 0;
      for (const { name, lines } of [...members, ...gone]) {
        for (let number = 0; number <= lastFlushed(lines); number++, flushed++) {
          const key = `${name}-${String(number)}`;
          assert.equal(Buffer.from(things.get(key)?.value ?? []).toString(), `value of ${key}`);
        }
      }
      const taken = [...members, ...gone].flatMap(({ lines }) => lines.filter((line) => line.startsWith("took ")));
      assert.equal(new Set(taken).size, taken.length, "no ticket was handed out twice");
      const left = store.collection("tickets", roomy);
      for (const line of taken) assert.equal(left.get(line.slice("took ".length)), undefined, `${line} is gone`);
      things.set("last", Buffer.from("1"));
      await store.close();
      assert.deepEqual(readdirSync(directory.path), ["store"], "nothing is left behind");
      assert.ok(flushed > kills && taken.length > 10, "they wrote and took");
      test.diagnostic(`${String(flushed)} records flushed, ${String(taken.length)} tickets taken`);
    });
  }
});

interface Member {
  readonly name: string;
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly said: number;
  readonly exit: Promise<number | NodeJS.Signals>;
  /** Resolves when it has said so much. */
  readonly saysTimes: (count: number) => Promise<void>;
}

function startMember(program: string, url: string, name: string, memberSeed: number): Member {
  const parameters = [program, url, name, String(memberSeed), String(ticketCount)];
  const child = spawn(process.execPath, parameters, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  let isWhole = true;
  child.once("exit", (code) => {
    isWhole = code !== null;
  });
  output.on("line", (line) => lines.push(line));
  const exit = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    // The kill may have cut off the last line.
    if (!isWhole && /^took \d+$/.test(lines.at(-1) ?? "")) lines.pop();
    return code ?? signal ?? 0;
  });
  return {
    name,
    child,
    lines,
    get said() {
      return lines.length;
    },
    exit,
    saysTimes: async (count) => {
      const ended = exit.then((how) => {
        throw new Error(`${name} ended with ${String(how)} and had said ${String(lines.length)} lines`);
      });
      while (lines.length < count) await Promise.race([once(output, "line"), ended]);
      ended.catch(() => undefined);
    },
  };
}

function lastFlushed(lines: readonly string[]): number {
  // A number that was cut off is a smaller one.
  return Math.max(-1, ...lines.filter((line) => line.startsWith("flushed ")).map((line) => Number(line.slice(8))));
}
