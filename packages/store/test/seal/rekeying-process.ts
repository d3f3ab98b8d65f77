import { openStore } from "@fairlead/store";

/**
 * A process that opens the store of a URL with a key, in hexadecimal digits, which encrypts a plain one, then exchanges the
 * key for the other one, and that for the first, until it is killed.
 */
const [url = "", ...digits] = process.argv.slice(2);
const keys = digits.map((text) => Buffer.from(text, "hex"));
const store = await openStore(url, { key: keys[0] });
for (let turn = 1; ; turn++) await store.rotateKey(keys[turn % keys.length]);
