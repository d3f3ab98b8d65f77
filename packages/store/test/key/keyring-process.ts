import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";

/**
 * A process that opens a store whose key is in the keyring, run by the tests with: the store's URL, what to do, a value.
 * What became of it is printed as JSON.
 */
const [url = "", task = "", value = ""] = process.argv.slice(2);
const warnings: string[] = [];
try {
  const key = { keyring: { service: "fairlead test", timeoutMilliseconds: 20_000 } };
  await using store = await openStore(url, { key, onWarning: ({ type }) => warnings.push(type) });
  const things = store.collection("things", { maxEntries: 100, secret: true });
  if (task === "write") things.set("a", Buffer.from(value));
  if (task === "rotate") await store.rotateKey();
  const found = things.get("a");
  await store.flush();
  print({ warnings, found: found && Buffer.from(found.value).toString() });
} catch (error) {
  if (!(error instanceof FairleadError)) throw error;
  print({ warnings, error: error.code, message: error.message });
}

function print(outcome: unknown): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
