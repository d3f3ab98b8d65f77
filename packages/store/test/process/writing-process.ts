import { once } from "node:events";
import { openStore } from "@fairlead/store";

/**
 * A process that writes, run by the tests with: what to do, the store's URL, a name for its keys.
 *
 * - `some` waits for its standard input to end, then writes 200 records, ten a flush, and closes.
 * - `no-close` writes one record and ends without closing.
 */
const [task = "", url = "", name = ""] = process.argv.slice(2);
const store = await openStore(url);
const things = store.collection("things", { maxEntries: 1_000, secret: false });

switch (task) {
  case "some":
    process.stdout.write("ready\n");
    await once(process.stdin.resume(), "end");
    for (let index = 0; index < 200; index++) {
      things.set(`${name}-${String(index)}`, Buffer.from("1"));
      if (index % 10 === 0) await store.flush();
    }
    await store.close();
    break;
  case "no-close":
    things.set("a", Buffer.from("1"));
    break;
}
