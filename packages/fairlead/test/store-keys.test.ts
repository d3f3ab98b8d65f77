import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import { openStore } from "@fairlead/store";
import { createUser, type TestUser } from "./child.ts";
import { runHere } from "./in-process.ts";

const roomy = { maxEntries: 100, secret: true };

describe("fairlead store, encrypted", () => {
  let user: TestUser;
  let count = 0;
  let url: string;
  let path: string;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  beforeEach(async () => {
    count += 1;
    path = user.path(`${String(count)}/network.db`);
    url = `sqlite:${path}`;
    await using store = await openStore(url);
    store.collection("hsts", roomy).set("bank.example", Buffer.from('{"includeSubDomains":true}'));
  });

  async function run(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runHere(["store", ...args], user);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return stdout;
  }

  async function keyFile(name: string, content: string | Buffer = randomBytes(32).toString("hex")): Promise<string> {
    const file = user.path(name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  }

  test("a key from a file encrypts a store, and opens it again; without it, nothing is shown", async () => {
    const file = await keyFile("key.hex");
    const place = ["--store", url, "--store-key", `file:${file}`];
    assert.match(await run("list", ...place), /^Store .+network\.db, encrypted$/m);
    assert.equal((await readFile(path)).includes("bank.example"), false);
    assert.match(await run("show", ...place), /bank\.example/);

    const { exitCode, stdout, stderr } = await runHere(["store", "show", "--store", url], user);
    assert.deepEqual([exitCode, stdout], [8, ""]);
    assert.match(
      stderr,
      /^fairlead: .+ is encrypted.+--store-key keyring, env:NAME or file:PATH.+\[STORE_KEY_REQUIRED\]\n$/,
    );
    assert.equal(stderr.trim().split("\n").length, 1);
  });

  test("a key encrypts a store before anything is in it", async () => {
    const early = `sqlite:${user.path("early/network.db")}`;
    const place = `file:${await keyFile("early.hex")}`;
    assert.match(await run("list", "--store", early, "--store-key", place), /^Store .+, encrypted$/m);
    const { exitCode, stderr } = await runHere(["store", "list", "--store", early], user);
    assert.equal(exitCode, 8);
    assert.match(stderr, /STORE_KEY_REQUIRED/);
  });

  test("a key may be hexadecimal, base64 or 32 bytes", async () => {
    const key = randomBytes(32);
    for (const [index, content] of [key.toString("hex"), `${key.toString("base64")}\n`, key].entries()) {
      const file = await keyFile(`forms-${String(index)}`, content);
      assert.match(await run("show", "--store", url, "--store-key", `file:${file}`), /bank\.example/);
    }
  });

  test("a key of another store drops nothing", async () => {
    const file = await keyFile("right");
    await run("list", "--store", url, "--store-key", `file:${file}`);
    const other = await runHere(
      ["store", "list", "--store", url, "--store-key", `file:${await keyFile("wrong")}`],
      user,
    );
    assert.equal(other.exitCode, 8);
    assert.match(other.stderr, /\[STORE_KEY_WRONG\]\n$/);
    assert.match(await run("show", "--store", url, "--store-key", `file:${file}`), /bank\.example/);
  });

  for (const [what, content, mode, line] of [
    [
      "that others can read",
      "ab".repeat(32),
      0o644,
      /other users can read it\); run chmod 600 on it \[STORE_KEY_UNAVAILABLE\]/,
    ],
    ["that is no key", "TOPSECRET", 0o600, /neither 64 hexadecimal digits nor.+\[STORE_KEY_INVALID\]/],
    ["that is empty", "", 0o600, /\[STORE_KEY_INVALID\]/],
    ["of zeros", Buffer.alloc(32), 0o600, /\[STORE_KEY_INVALID\]/],
  ] as const) {
    test(`a file ${what} is refused as a key, and nothing of it told`, async () => {
      const file = await keyFile(`bad-${String(mode)}`, content);
      await chmod(file, mode);
      const { exitCode, stdout, stderr } = await runHere(
        ["store", "list", "--store", url, "--store-key", `file:${file}`],
        user,
      );
      assert.deepEqual([exitCode, stdout], [8, ""]);
      assert.match(stderr, line);
      assert.doesNotMatch(stderr, /TOPSECRET|abab/);
    });
  }

  for (const text of ["secret:TOPSECRET", "TOPSECRET", "env:", "file:", "env:TOP SECRET"]) {
    test(`--store-key ${text} is refused, and not repeated`, async () => {
      const { exitCode, stderr } = await runHere(["store", "list", "--store", url, "--store-key", text], user);
      assert.equal(exitCode, 2);
      assert.match(stderr, /--store-key takes keyring, env:NAME or file:PATH; the key itself is never given here/);
      assert.doesNotMatch(stderr, /SECRET/);
    });
  }

  test("the key of the environment opens what --store-key does not say, and get takes it as well", async () => {
    const env = { FAIRLEAD_STORE_KEY: randomBytes(32).toString("hex"), FAIRLEAD_STORE: url };
    const page = await user.run(["store", "list"], { env });
    assert.match(page.stdout, /network\.db, encrypted$/m);
    const got = await user.run(["get", "data:,hello"], { env });
    assert.deepEqual([got.exitCode, got.stdout.trim(), got.stderr], [0, "hello", ""]);
    const without = await user.run(["get", "data:,hello"], { env: { FAIRLEAD_STORE: url } });
    assert.match(without.stderr, /\[STORE_KEY_REQUIRED\]\n$/);
  });

  test("rotate-key encrypts anew with the key that is named, and the former opens nothing", async () => {
    const [former, next] = [await keyFile("former"), await keyFile("next")];
    await run("list", "--store", url, "--store-key", `file:${former}`);
    const rotate = ["rotate-key", "--store", url, "--store-key", `file:${former}`];
    assert.equal((await runHere(["store", ...rotate], user)).exitCode, 2);
    assert.equal(await run(...rotate, "--new-key", `file:${next}`), `${url} has a new key: 1 record encrypted anew.\n`);
    assert.match(await run("show", "--store", url, "--store-key", `file:${next}`), /bank\.example/);
    assert.equal((await runHere(["store", "show", "--store", url, "--store-key", `file:${former}`], user)).exitCode, 8);
    const plain = `sqlite:${user.path(`${String(count)}/plain.db`)}`;
    await (await openStore(plain)).close();
    assert.match((await runHere(["store", "rotate-key", "--store", plain], user)).stderr, /the store is not encrypted/);
  });

  test("copy takes encryption off only when told to", async () => {
    const file = await keyFile("copied");
    await run("list", "--store", url, "--store-key", `file:${file}`);
    const to = `file:${user.path(`${String(count)}/copy.json`)}`;
    const copy = ["copy", url, to, "--from-key", `file:${file}`];
    const refused = await runHere(["store", ...copy], user);
    assert.match(refused.stderr, /copy\.json would not be encrypted; --yes copies all the same/);
    assert.match(await run(...copy, "--to-key", `file:${file}`), /^Copied 1 record to /m);
    assert.doesNotMatch(await readFile(user.path(`${String(count)}/copy.json`), "utf8"), /bank/);
  });

  test("check tells who can read a store, whether it is encrypted and sound, and how large it is", async () => {
    const page = await run("check", "--store", url);
    assert.match(page, /^private +yes, to this user alone$/m);
    assert.match(page, /^encrypted +no; --store-key encrypts it$/m);
    assert.match(page, /^records +1 record of \d+ bytes in 1 collection$/m);
    assert.match(page, /^sound +yes, all$/m);
    assert.match(page, /network\.db +0600 +[\d.]+ KiB$/m);
    for (const line of page.split("\n").slice(1)) assert.ok(line.length <= 80, line);
    assert.partialDeepStrictEqual(JSON.parse(await run("check", "--store", url, "--json")), {
      ok: true,
      store: url,
      engine: "sqlite",
      encrypted: false,
      collections: [{ name: "hsts", records: 1, unsound: 0 }],
      warnings: [],
    });
  });

  test("check and repair tell what is wrong, and repair mends it", async () => {
    await chmod(path, 0o644);
    const found = await runHere(["store", "check", "--store", url, "--json"], user);
    assert.equal(found.exitCode, 8);
    assert.partialDeepStrictEqual(JSON.parse(found.stdout), { ok: false, error: { code: "STORE_PERMISSIONS" } });
    assert.match((await runHere(["store", "check", "--store", url], user)).stderr, /\[STORE_PERMISSIONS\]\n$/);
    assert.match(await run("repair", "--store", url), /0600|closed|mode/);
    assert.equal(await run("repair", "--store", url), `Nothing is to be mended in ${url}.\n`);
    assert.partialDeepStrictEqual(JSON.parse(await run("check", "--store", url, "--json")), { ok: true });
    {
      await using store = await openStore(url);
      store.collection("cookies", roomy).set("x", Buffer.from("none"));
    }
    const unsound = await runHere(["store", "check", "--store", url], user);
    assert.equal(unsound.exitCode, 8);
    assert.match(unsound.stdout, /^sound +1 record not; managers pass over them$/m);
  });

  test("forget --since takes away what was written since, and nothing older", async () => {
    const now = Date.now();
    {
      await using store = await openStore(url, { now: () => now - 3 * 3_600_000 });
      store.collection("hsts", roomy).set("bank.example", Buffer.from('{"includeSubDomains":true}'));
    }
    {
      await using store = await openStore(url, { now: () => now - 3_600_000 });
      store.collection("hsts", roomy).set("new.example", Buffer.from('{"includeSubDomains":true}'));
    }
    assert.match(await run("forget", "--since", "30m", "--store", url), /^Nothing is remembered since \d{4}-/);
    assert.match(
      await run("forget", "bank.example", "--since", "2h", "--store", url),
      /^Nothing is remembered of bank/,
    );
    assert.match(
      await run("forget", "--since", "2h", "--store", url),
      /^hsts +1\n\nForgot 1 record since \d{4}-.+ UTC\.$/m,
    );
    assert.match(await run("show", "--store", url), /bank\.example/);
    assert.match(await run("forget", "--since", "2026-01-01", "--json", "--store", url), /"records": 1/);
  });

  for (const [args, line] of [
    [["forget", "--since", "yesterday"], "--since takes an age such as 2h or 3d, or a date such as"],
    [["forget", "--since", "2026-02-30T10:00"], "--since takes"],
    [["forget", "--since", "9999-01-01"], '--since takes a time in the past, not "9999-01-01"'],
    [["show", "--since", "1h"], "show takes no --since"],
    [["check", "--store", "file:/nowhere/x.json"], "there is no store file:/nowhere/x.json"],
    [["rotate-key", "--store", "file:/nowhere/x.json"], "there is no store file:/nowhere/x.json"],
  ] as const) {
    test(`2 for ${JSON.stringify(args)}`, async () => {
      const { exitCode, stdout, stderr } = await runHere(["store", ...args], user);
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.ok(stderr.startsWith(`fairlead: store: ${line}`), stderr);
    });
  }
});
