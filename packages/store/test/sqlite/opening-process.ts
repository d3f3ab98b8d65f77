import { openStore } from "@fairlead/store";

/** A process that opens the store of a URL, says how that went, and closes it. */
const [url = ""] = process.argv.slice(2);
try {
  const store = await openStore(url);
  await store.close();
  process.stdout.write("opened");
} catch (error) {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  process.stdout.write(`${String(name)} ${String(code)}`);
}
