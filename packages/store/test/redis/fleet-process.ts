import { createInterface } from "node:readline";
import { openStore } from "@fairlead/store";

/**
 * One process of a fleet, run by the tests with the store's URL and a name for its keys. It does what its standard input
 * says, a line each, and answers with a line:
 *
 * - `write COUNT` writes so many records of its own, ten a flush, whether the engine is there or not.
 * - `take COUNT` tries for each of so many tickets to have it, and tells which it had.
 * - `see KEY` answers when it sees the record.
 * - `end` ends without closing the store.
 */
const [url = "", name = ""] = process.argv.slice(2);
let back = Promise.withResolvers<undefined>();
const store = await openStore(url, {
  onWarning: ({ type }) => {
    if (type === "engine-lost") back = Promise.withResolvers();
    if (type === "engine-back") back.resolve(undefined);
  },
});
const things = store.collection("things", { maxEntries: 100_000, secret: false });
const tickets = store.collection("tickets", { maxEntries: 100_000, secret: true });

async function take(count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let index = 0; index < count; index++) {
    const ticket = await tickets.take(`ticket-${String(index)}`);
    if (ticket !== undefined) taken.push(ticket.key);
  }
  return taken;
}

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    things.set(`${name}-${String(index)}`, Buffer.from("1"));
    if (index % 10 === 9) await flush();
  }
  await flush();
}

/** Also while the engine is away. */
async function flush(): Promise<void> {
  while (
    !(await store.flush().then(
      () => true,
      () => false,
    ))
  )
    await back.promise;
}

function see(key: string): Promise<void> {
  if (things.get(key) !== undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const end = things.onForeignChange((change) => {
      if (change.key !== key) return;
      end();
      resolve();
    });
  });
}

say("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [task = "", argument = ""] = line.split(" ");
  if (task === "end") {
    things.set(`${name}-last`, Buffer.from("1"));
    break;
  }
  if (task === "write") await write(Number(argument));
  if (task === "see") await see(argument);
  say(task === "take" ? (await take(Number(argument))).join(" ") : "done");
}
process.stdin.destroy();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
