import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory, type TemporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 1_000, secret: true };
const key = new Uint8Array(randomBytes(32));

for (const scheme of ["file", "sqlite"]) {
  describe(`an encrypted store (${scheme})`, () => {
    it("shows nothing of what it holds in any of its files", async () => {
      using directory = temporaryDirectory();
      const url = urlIn(directory, scheme);
      await using store = await openStore(url, { key });
      store.collection("cookies", roomy).set("bank.example", Buffer.from("session=secret"));
      await store.flush();
      assertAbsent(directory, ["bank.example", "session=secret"]);
    });

    it("is not opened without its key", async () => {
      using directory = temporaryDirectory();
      const url = urlIn(directory, scheme);
      await (await openStore(url, { key })).close();
      await assert.rejects(openStore(url), { name: "StoreError", code: "STORE_KEY_REQUIRED", peer: url });
    });

    it("encrypts what was plain, of which nothing is left in any of its files", async () => {
      using directory = temporaryDirectory();
      const url = urlIn(directory, scheme);
      {
        await using store = await openStore(url);
        const cookies = store.collection("cookies", roomy);
        for (let index = 0; index < 500; index++) {
          cookies.set(`bank-${String(index)}.example`, Buffer.from(`secret ${String(index)}`), { expiresAt: 8e15 });
        }
        store.collection("hsts", { ...roomy, secret: false }).set("bank.example", Buffer.from("{}"));
      }
      {
        await using store = await openStore(url, { key });
        assertAbsent(directory, ["bank-1", "secret"]);
        assert.deepEqual(store.collectionNames(), ["cookies", "hsts"]);
      }
      await using store = await openStore(url, { key });
      const cookies = store.collection("cookies", roomy);
      assert.equal(cookies.size, 500);
      assert.equal(Buffer.from(cookies.get("bank-7.example")?.value ?? []).toString(), "secret 7");
      assert.equal(cookies.get("bank-7.example")?.expiresAt, 8e15);
      assertAbsent(directory, ["bank-1", "secret"]);
    });

    it("stays as it is when the key is lost, where that is asked for", async () => {
      using directory = temporaryDirectory();
      const url = urlIn(directory, scheme);
      {
        await using store = await openStore(url, { key });
        store.collection("cookies", roomy).set("a", Buffer.from("1"));
      }
      const other = openStore(url, { key: randomBytes(32), lostKey: "refuse" });
      await assert.rejects(other, { name: "StoreError", code: "STORE_KEY_WRONG", peer: url });
      await using store = await openStore(url, { key });
      assert.equal(store.collection("cookies", roomy).size, 1);
    });

    it("drops its records when the key is lost, tells so once, and goes on with a new one", async () => {
      using directory = temporaryDirectory();
      const url = urlIn(directory, scheme);
      {
        await using store = await openStore(url, { key });
        store.collection("cookies", roomy).set("a", Buffer.from("1"));
      }
      const warnings: StoreWarning[] = [];
      const other = randomBytes(32);
      const options = { key: other, onWarning: (warning: StoreWarning) => warnings.push(warning) };
      {
        await using store = await openStore(url, options);
        const cookies = store.collection("cookies", roomy);
        assert.equal(cookies.size, 0);
        cookies.set("b", Buffer.from("2"));
      }
      await using store = await openStore(url, options);
      assert.equal(Buffer.from(store.collection("cookies", roomy).get("b")?.value ?? []).toString(), "2");
      assert.deepEqual(
        warnings.map(({ type }) => type),
        ["key-lost"],
      );
    });
  });
}

function urlIn(directory: TemporaryDirectory, scheme: string): string {
  return `${scheme}:${join(directory.path, "store")}`;
}

/** Looks into every file. Texts have six characters or more: fewer come by chance in what is encrypted. */
function assertAbsent(directory: TemporaryDirectory, texts: readonly string[]): void {
  for (const file of readdirSync(directory.path, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const content = readFileSync(join(file.parentPath, file.name)).toString("latin1");
    for (const text of texts) {
      // Whatever follows, three octets make four characters.
      const base64 = Buffer.from(text)
        .toString("base64")
        .slice(0, Math.floor(text.length / 3) * 4);
      const forms = [text, base64, Buffer.from(text).toString("hex")];
      for (const form of forms) assert.equal(content.includes(form), false, `${file.name} holds ${text}`);
    }
  }
}
