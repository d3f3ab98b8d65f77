import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startSecretService, type SecretService } from "@fairlead/conformance/peers";
import { temporaryDirectory, type TemporaryDirectory } from "../temporary-directory.ts";

interface Outcome {
  readonly warnings: readonly string[];
  readonly found?: string;
  readonly error?: string;
  readonly message?: string;
}

describe("a key in GNOME Keyring", () => {
  let service: SecretService;
  let directory: TemporaryDirectory;
  let path: string;

  before(async () => {
    service = await startSecretService();
    directory = temporaryDirectory();
    path = join(directory.path, "store.json");
  });

  after(async () => {
    directory[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  });

  it("is made for a new store, and found again by another process", async () => {
    assert.deepEqual(await run("write", "1"), { warnings: [], found: "1" });
    assert.deepEqual(await run("read"), { warnings: [], found: "1" });
    const { code, output } = await service.tool("search", "service", "fairlead test", "username", generation());
    assert.equal(code, 0, output);
  });

  it("is changed, and the former one is gone", async () => {
    const former = generation();
    assert.deepEqual(await run("rotate"), { warnings: [], found: "1" });
    assert.notEqual(generation(), former);
    assert.deepEqual(await run("read"), { warnings: [], found: "1" });
    assert.equal(await isThere(former), false);
    assert.equal(await isThere(generation()), true);
  });

  it("is the same for processes that open a new store at once", async () => {
    const url = `sqlite:${join(directory.path, "shared.db")}`;
    const outcomes = await Promise.all(["1", "2", "3"].map((value) => run("write", value, url)));
    for (const { error, warnings } of outcomes)
      assert.deepEqual({ error, warnings }, { error: undefined, warnings: [] });
    const { found, warnings } = await run("read", "", url);
    assert.ok(["1", "2", "3"].includes(found ?? ""), found);
    assert.deepEqual(warnings, []);
  });

  it("is not taken for lost when nobody answers for the keyring", async () => {
    await service.stop();
    const before = readFileSync(path, "utf8");
    const { error, message } = await run("read");
    assert.equal(error, "STORE_KEY_UNAVAILABLE");
    assert.match(message ?? "", /the keyring: .*unlock the keyring and see that its service runs/);
    assert.equal(readFileSync(path, "utf8"), before);
  });

  it("is not taken for lost when the keyring is locked, and none is made there for a new store", async () => {
    await service.start("locked");
    const before = readFileSync(path, "utf8");
    assert.equal((await run("read")).error, "STORE_KEY_UNAVAILABLE");
    assert.equal(readFileSync(path, "utf8"), before);
    assert.equal((await run("read", "", `file:${join(directory.path, "new.json")}`)).error, "STORE_KEY_UNAVAILABLE");
    await service.stop();
  });

  it("is lost when its entry was deleted: the records are dropped, which is told once, and a new one is made", async () => {
    await service.start("unlocked");
    assert.deepEqual(await run("read"), { warnings: [], found: "1" });
    const former = generation();
    assert.equal((await service.tool("clear", "service", "fairlead test", "username", former)).code, 0);
    assert.deepEqual(await run("write", "2"), { warnings: ["key-lost"], found: "2" });
    assert.deepEqual(await run("read"), { warnings: [], found: "2" });
    assert.notEqual(generation(), former);
  });

  /** What the store calls its key by. */
  function generation(): string {
    return /"current":\{"id":"([\w-]{22})"/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  }

  async function isThere(id: string): Promise<boolean> {
    return (await service.tool("search", "service", "fairlead test", "username", id)).output.includes("secret = ");
  }

  async function run(task: string, value = "", url = `file:${path}`): Promise<Outcome> {
    const file = fileURLToPath(new URL("./keyring-process.ts", import.meta.url));
    const env = { ...process.env, ...service.environment };
    const child = spawn(process.execPath, ["--conditions=source", file, url, task, value], { env });
    child.stderr.pipe(process.stderr);
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    return JSON.parse(output) as Outcome;
  }
});
