import { openStore } from "@fairlead/store";
import { seededRandom } from "./random.ts";
import { installTraps } from "./traps.ts";

/**
 * One of many processes that write to a store and take single-use records from it, until its standard input ends or it
 * is killed. It is told the store's URL, a name for its records, a seed and the number of tickets, and prints a line for
 * each event: `flushed NUMBER`, `took TICKET`.
 */
const [url = "", name = "", seed = "", tickets = ""] = process.argv.slice(2);
installTraps();
const over = new AbortController();
process.stdin.resume().once("end", () => {
  over.abort();
});
const random = seededRandom(Number(seed));
const store = await openStore(url, { onWarning: () => undefined });
const things = store.collection("things", { maxEntries: 100_000, secret: false });
const waiting = store.collection("tickets", { maxEntries: 100_000, secret: true });
for (let number = 0; !over.signal.aborted; number++) {
  things.set(`${name}-${String(number)}`, Buffer.from(`value of ${name}-${String(number)}`));
  if (random() < 0.7) {
    await store.flush();
    say(`flushed ${String(number)}`);
  }
  const ticket = String(Math.floor(random() * Number(tickets)));
  if ((await waiting.take(ticket)) !== undefined) say(`took ${ticket}`);
}
await store.close();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
