import { writeSync } from "node:fs";
import { openStore } from "@fairlead/store";

/** Writes record after record, prints the number of each that is durable, and calls `process.exit()` in the middle. */
const [url = "", name = ""] = process.argv.slice(2);
const store = await openStore(url);
const things = store.collection("things", { maxEntries: 100_000, secret: false });
for (let index = 0; ; index++) {
  things.set(`${name}-${String(index)}`, Buffer.from("1"));
  await store.flush();
  writeSync(1, `${String(index)}\n`);
  if (index === 0) setTimeout(() => process.exit(0), Math.random() * 100);
}
