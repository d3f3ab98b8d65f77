import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { inspect } from "node:util";
import { openStore, type StoreKey, type StoreWarning } from "@fairlead/store";
import { keySource } from "../../src/key/store-key.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const key = new Uint8Array(randomBytes(32));
const variable = "FAIRLEAD_TEST_STORE_KEY";

describe("the key of a store", () => {
  afterEach(() => {
    Reflect.deleteProperty(process.env, variable);
  });

  it("is 32 bytes, of which the store keeps its own copy", async () => {
    const given = Uint8Array.from(key);
    const source = keySource(given, "file:x");
    given.fill(0);
    assert.deepEqual(await source.read("any"), key);
  });

  const texts = {
    "hexadecimal digits": Buffer.from(key).toString("hex"),
    "capital hexadecimal digits": Buffer.from(key).toString("hex").toUpperCase(),
    base64: Buffer.from(key).toString("base64"),
    base64url: Buffer.from(key).toString("base64url"),
    "a line": `${Buffer.from(key).toString("hex")}\n`,
  };
  for (const [what, text] of Object.entries(texts)) {
    it(`is read from the environment as ${what}`, async () => {
      process.env[variable] = text;
      assert.deepEqual(await keySource({ environment: variable }, "file:x").read("any"), key);
    });
  }

  for (const text of ["secret password!", "00".repeat(31), "zz", `${"00".repeat(32)}00`, "0".repeat(64)]) {
    it(`is not ${JSON.stringify(text)}, which no error repeats`, async () => {
      process.env[variable] = text;
      await assert.rejects(keySource({ environment: variable }, "file:x").read("any"), (error: Error) => {
        assert.equal((error as { code?: unknown }).code, "STORE_KEY_INVALID");
        assert.equal(inspect(error).includes(text), false);
        return true;
      });
    });
  }

  it("is unavailable when the variable is not set, which the error names", async () => {
    await assert.rejects(keySource({ environment: variable }, "file:x").read("any"), {
      code: "STORE_KEY_UNAVAILABLE",
      message: new RegExp(`${variable} is not set.*set ${variable} to the key`),
    });
  });

  it("is asked for from the application, whose failure is the cause", async () => {
    assert.deepEqual(await keySource(() => Promise.resolve(key), "file:x").read("any"), key);
    const cause = new Error("not now");
    const failing = keySource(() => Promise.reject(cause), "file:x");
    await assert.rejects(failing.read("any"), { code: "STORE_KEY_UNAVAILABLE", cause });
    const wrong = keySource((() => Promise.resolve("text")) as unknown as StoreKey, "file:x");
    await assert.rejects(wrong.read("any"), { code: "STORE_KEY_INVALID" });
  });

  it("is nothing else", () => {
    for (const wrong of [
      null,
      1,
      "a password",
      {},
      { keyring: { service: "" } },
      { keyring: { timeoutMilliseconds: -1 } },
    ]) {
      assert.throws(() => keySource(wrong as unknown as StoreKey, "file:x"), {
        name: "UsageError",
        code: "OPTION_INVALID",
      });
    }
  });

  it("is in nothing that is printed of the store, its warnings and its errors", async () => {
    using directory = temporaryDirectory();
    const url = `file:${join(directory.path, "store")}`;
    const printed: string[] = [];
    const print = (value: unknown): void => {
      printed.push(inspect(value, { depth: 20, showHidden: true }));
    };
    const onWarning = (warning: StoreWarning): void => {
      print(warning);
    };
    {
      await using store = await openStore(url, { key });
      const things = store.collection("things", { maxEntries: 10, secret: true });
      things.set("a", Buffer.from("1"));
      print(store);
      print(store.sealBeside("place"));
      print(things);
      await store.rotateKey(key).catch(print);
    }
    await openStore(url).catch(print);
    await openStore(url, { key: "keyring" }).catch(print);
    await using store = await openStore(url, { key: randomBytes(32), onWarning });
    print(store);
    assert.ok(printed.length >= 7);
    // How a Uint8Array shows, too.
    const forms = [
      ...Object.values(texts),
      Array.from(key.subarray(0, 8)).join(", "),
      Array.from(key.subarray(0, 8)).join(","),
    ];
    for (const text of printed) {
      for (const form of forms) assert.equal(text.includes(form.trim()), false);
    }
  });
});
