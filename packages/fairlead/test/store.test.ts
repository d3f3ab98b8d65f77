import { credentialKey, encodeCredentialRecord } from "@fairlead/http/authentication";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { openNetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { createUser } from "./child.ts";
import { runHere } from "./in-process.ts";
import { createWorld, type TestWorld } from "./test-world.ts";

interface ShownStore {
  readonly store: string;
  readonly collections: readonly {
    readonly name: string;
    readonly records: number | readonly Readonly<Record<string, string | null>>[];
  }[];
}

describe("fairlead store", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  /** Two hosts that want https, a cookie of each, and tickets. */
  async function remember(): Promise<void> {
    await using manager = await openNetworkAccessManager({
      store: `sqlite:${world.user.storeFile}`,
      lookup: world.network.lookup,
      tls: { trust: { type: "anchors", certificates: [world.network.ca.certificate] } },
    });
    for (const { name } of await shown("list")) {
      manager.store.collection(name, { maxEntries: 1000, secret: true }).clear();
    }
    const value = encodeURIComponent("sid=TOPSECRET; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax");
    for (const host of ["fairlead.test", "other.test"]) {
      const origin = world.network.origin("https", host);
      for (const path of ["/hsts/good/subdomains", `/cookies/set-raw?value=${value}`]) {
        await (await manager.request(origin + path)).text();
      }
    }
  }

  async function store(...args: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await runHere(["store", ...args], world.user);
    assert.deepEqual([stderr, exitCode], ["", 0]);
    return stdout;
  }

  async function shown(...args: string[]): Promise<ShownStore["collections"]> {
    return (JSON.parse(await store(...args, "--json")) as ShownStore).collections;
  }

  test("list counts what is in each collection", async () => {
    await remember();
    const page = await store("list");
    assert.match(page, new RegExp(`^Store sqlite:${world.user.storeFile}$`, "m"));
    assert.match(page, /^COLLECTION +RECORDS +NEXT TO EXPIRE +HOLDS$/m);
    assert.match(page, /^hsts +2 +\d{4}-\d\d-\d\d \d\d:\d\d UTC +hosts that want https$/m);
    assert.match(page, /^cookies +2 /m);
    assert.match(page, /^tls-tickets +\d+ /m);
    for (const line of page.split("\n").slice(1)) assert.ok(line.length <= 80, line);
    assert.partialDeepStrictEqual(await shown("list"), [
      { name: "cookies", secret: true, records: 2 },
      { name: "hsts", secret: false, records: 2 },
      { name: "tls-tickets", secret: true },
    ]);
  });

  test("list has colours where they are asked for, and none by itself in a pipe", async () => {
    await remember();
    const [coloured, plain] = await Promise.all(
      [{ FORCE_COLOR: "1" }, {}].map((env) => world.user.run(["store", "list"], { env })),
    );
    assert.match(coloured?.stdout ?? "", /\x1b\[/);
    assert.equal(stripVTControlCharacters(coloured?.stdout ?? ""), plain?.stdout);
  });

  test("show tells hosts, cookies and tickets, and no value of a secret", async () => {
    await remember();
    const page = await store("show");
    assert.match(page, /^ {2}HOST +SUBDOMAINS +EXPIRES$/m);
    assert.match(page, /^ {2}fairlead\.test +yes +\d{4}-/m);
    assert.match(page, /^ {2}sid +fairlead\.test +\/ +Secure HttpOnly SameSite=Lax +\d{4}-/m);
    assert.match(page, /^ {2}localhost, .* +TLSv1\.3 /m);
    const json = await store("show", "--json");
    for (const text of [page, json]) {
      assert.doesNotMatch(text, /TOPSECRET/);
      assert.doesNotMatch(text, /value/i);
    }
    assert.deepEqual(
      (JSON.parse(json) as ShownStore).collections.map(({ name }) => name),
      ["cookies", "hsts", "resolved-addresses", "tls-intermediates", "tls-tickets"],
    );
    assert.doesNotMatch(await store("show", "hsts"), /cookies/);
    assert.equal(await store("show", "nonsense"), "Nothing is remembered in nonsense.\n");
  });

  test("show says nothing of a collection that it does not know but its keys", async () => {
    await using user = await createUser();
    const url = `sqlite:${user.path("unknown.db")}`;
    await using unknown = await openStore(url);
    unknown
      .collection("of-tomorrow", { maxEntries: 10, secret: true })
      .set("key\x1b[31m", new TextEncoder().encode("TOPSECRET"));
    await unknown.flush();
    const page = await store("show", "--store", url);
    assert.match(page, /^ {2}key\\u\{1b\}\[31m +never$/m);
    assert.doesNotMatch(page + (await store("show", "--json", "--store", url)), /TOPSECRET/);
  });

  test("show says whose credentials there are, and not what they are; forget takes them away", async () => {
    await using user = await createUser();
    const url = `sqlite:${user.path("credentials.db")}`;
    await using unknown = await openStore(url);
    const record = {
      role: "origin",
      origin: "https://a.example",
      partition: "",
      realm: "staff\x1b[31m",
      scheme: "basic",
      strength: 1,
      scopes: [],
      credentials: { type: "password", username: "me", password: "TOPSECRET" },
    } as const;
    unknown
      .collection("credentials", { maxEntries: 10, secret: true })
      .set(credentialKey(record), new TextEncoder().encode(encodeCredentialRecord(record)));
    await unknown.flush();
    const page = await store("show", "--store", url);
    assert.match(page, /^ {2}https:\/\/a\.example +staff\\u\{1b\}\[31m +me +basic +never$/m);
    assert.doesNotMatch(page + (await store("show", "--json", "--store", url)), /TOPSECRET/);
    assert.match(
      await store("forget", "a.example", "--store", url),
      /^credentials +1\n\nForgot 1 record of a\.example\.$/m,
    );
    assert.doesNotMatch(await store("show", "--store", url), /a\.example/);
  });

  test("forget takes away all that is remembered of one host, and of no other", async () => {
    await remember();
    assert.match(await store("forget", "FAIRLEAD.test."), /^Forgot \d+ records of fairlead\.test\.$/m);
    const left = await shown("show");
    assert.partialDeepStrictEqual(left, [
      {
        name: "cookies",
        records: [{ name: "sid", domain: "other.test", path: "/", flags: "Secure HttpOnly SameSite=Lax" }],
      },
      { name: "hsts", records: [{ host: "other.test", subdomains: "yes" }] },
    ]);
    // A ticket is known by its certificate, and this one is for both hosts.
    assert.deepEqual(
      left.map(({ name }) => name),
      ["cookies", "hsts", "resolved-addresses", "tls-intermediates"],
    );
    for (const { records } of left) assert.equal((records as readonly unknown[]).length, 1);
    assert.equal(await store("forget", "nobody.test"), "Nothing is remembered of nobody.test.\n");
  });

  test("forget takes away the record of one key", async () => {
    await using user = await createUser();
    const url = `file:${user.path("keys.json")}`;
    {
      await using filled = await openStore(url);
      const things = filled.collection("things", { maxEntries: 10, secret: false });
      for (const key of ["one", "two"]) things.set(key, new Uint8Array(1));
    }
    assert.equal(
      await store("forget", "one", "--store", url),
      "COLLECTION  RECORDS\nthings            1\n\nForgot 1 record of one.\n",
    );
    assert.partialDeepStrictEqual(await shown("show", "--store", url), [{ records: [{ key: "two" }] }]);
  });

  test("exceptions for certificates are shown, and forgotten by host or server", async () => {
    await using user = await createUser();
    const url = `file:${user.path("exceptions.json")}`;
    {
      await using filled = await openStore(url);
      const exceptions = filled.collection("certificate-exceptions", { maxEntries: 10, secret: false });
      const exception = new TextEncoder().encode(`${"ab".repeat(32)}:EXPIRED never`);
      for (const key of ["printer.test:8443", "[::1]:443", "nas.test:443"]) exceptions.set(key, exception);
    }
    assert.match(await store("show", "--store", url), /^ {2}abab\S+ +printer\.test:8443 +EXPIRED +never$/m);
    assert.match(await store("forget", "Printer.test", "--store", url), /^Forgot 1 record of printer\.test\.$/m);
    assert.match(await store("forget", "::1", "--store", url), /^Forgot 1 record of \[::1\]\.$/m);
    assert.match(await store("forget", "nas.test:443", "--store", url), /^Forgot 1 record of nas\.test:443\.$/m);
  });

  test("clear empties one collection, or all", async () => {
    await remember();
    assert.match(await store("clear", "cookies", "--yes"), /^cookies +2\n\nForgot 2 records in cookies\.$/m);
    assert.deepEqual(
      (await shown("list")).map(({ name }) => name),
      ["hsts", "resolved-addresses", "tls-intermediates", "tls-tickets"],
    );
    assert.match(await store("clear", "--yes"), /^Forgot \d+ records in the store\.$/m);
    assert.deepEqual(await shown("list"), []);
    assert.equal(await store("clear", "--yes"), "Nothing is remembered in the store.\n");
  });

  test("clear and forget take kept responses away, too, and list counts them", async () => {
    const url = `${world.network.origin("https", "fairlead.test")}/cache/max-age/600`;
    const visit = async (): Promise<string | undefined> => {
      await using manager = await openNetworkAccessManager({
        store: `sqlite:${world.user.storeFile}`,
        lookup: world.network.lookup,
        tls: { trust: { type: "anchors", certificates: [world.network.ca.certificate] } },
      });
      const reply = await manager.request(url);
      await reply.text();
      return reply.transaction.hops[0]?.reason;
    };
    await visit();
    assert.equal(await visit(), "cache");
    assert.match(await store("list"), /^responses +1 /m);
    await store("clear", "--yes");
    assert.doesNotMatch(await store("list"), /responses/);
    assert.equal(await visit(), "network");
    assert.equal(await visit(), "cache");
    await store("forget", "other.test");
    assert.equal(await visit(), "cache", "those of another host stay");
    assert.match(await store("forget", "Fairlead.test"), /^responses +1$/m);
    assert.equal(await visit(), "network");
  });

  test("clear without --yes and without a terminal forgets nothing", async () => {
    await remember();
    const before = await shown("list");
    assert.ok(before.length > 1);
    const { stdout, stderr, exitCode } = await world.user.run(["store", "clear"]);
    assert.deepEqual([stdout, exitCode], ["", 2]);
    assert.match(stderr, /^fairlead: store: clear needs --yes where there is no terminal to ask on/);
    assert.deepEqual(await shown("list"), before);
  });

  test("copy takes all records of one store to another, in their order, and adds to what is there when told to", async () => {
    await using user = await createUser();
    const from = `file:${user.path("from.json")}`;
    const to = `sqlite:${user.path("to.db")}`;
    const expiresAt = Date.now() + 3_600_000;
    {
      await using filled = await openStore(from);
      const cookies = filled.collection("cookies", { maxEntries: 10, secret: true });
      for (const key of ["b", "a"]) {
        cookies.set(key, new TextEncoder().encode(`TOPSECRET ${key}`), { expiresAt, writtenAt: 1_000 });
      }
      filled.collection("of-tomorrow", { maxEntries: 10, secret: true }).set("x", new Uint8Array([0, 255]));
    }
    const page = await store("copy", from, to);
    assert.match(page, /^COLLECTION +RECORDS\ncookies +2\nof-tomorrow +1\n\nCopied 3 records to sqlite:.+to\.db\.\n$/);
    assert.doesNotMatch(page, /TOPSECRET/);
    {
      await using copied = await openStore(to);
      const cookies = copied.collection("cookies", { maxEntries: 10, secret: true });
      assert.deepEqual(
        Array.from(cookies.entries(), ({ key, value, expiresAt: end }) => [key, new TextDecoder().decode(value), end]),
        [
          ["b", "TOPSECRET b", expiresAt],
          ["a", "TOPSECRET a", expiresAt],
        ],
      );
      assert.equal(cookies.get("a")?.writtenAt, 1_000, "what was learned long ago is no older and no newer");
      const value = copied.collection("of-tomorrow", { maxEntries: 10, secret: true }).get("x")?.value;
      assert.deepEqual(value, new Uint8Array([0, 255]));
    }
    const again = await world.user.run(["store", "copy", from, to]);
    assert.deepEqual([again.exitCode, again.stdout], [2, ""]);
    assert.match(again.stderr, /to\.db holds records already; --yes copies all the same/);
    assert.partialDeepStrictEqual(JSON.parse(await store("copy", from, to, "--yes", "--json")), {
      from,
      to,
      collections: [
        { name: "cookies", records: 2 },
        { name: "of-tomorrow", records: 1 },
      ],
    });
  });

  test("what forget and clear did is told to programs, too", async () => {
    await using user = await createUser();
    const url = `file:${user.path("told.json")}`;
    {
      await using filled = await openStore(url);
      const things = filled.collection("things", { maxEntries: 10, secret: false });
      for (const key of ["one", "two", "three"]) things.set(key, new Uint8Array(1));
    }
    const told = async (...args: string[]): Promise<unknown> =>
      JSON.parse(await store(...args, "--store", url, "--json"));
    assert.partialDeepStrictEqual(await told("forget", "one"), { store: url, site: "one", records: 1 });
    assert.partialDeepStrictEqual(await told("forget", "one"), { store: url, records: 0, collections: [] });
    assert.partialDeepStrictEqual(await told("clear", "--yes"), {
      store: url,
      collections: [{ name: "things", records: 2 }],
    });
  });

  test("looking creates no store", async () => {
    await using user = await createUser();
    for (const args of [["list"], ["show"], ["forget", "a.example"], ["clear", "--yes"]]) {
      const { stdout, stderr, exitCode } = await user.run(["store", ...args]);
      assert.match(stdout, /Nothing is remembered/);
      assert.deepEqual([stderr, exitCode], ["", 0]);
    }
    assert.deepEqual(await user.files(), []);
  });

  for (const [args, line] of [
    [[], "ACTION is missing"],
    [["lst"], 'there is no action "lst"; did you mean list?'],
    [
      ["drop"],
      'there is no action "drop"; there are list, show, forget, clear, export, import, copy, check, repair and rotate-key',
    ],
    [["list", "hsts"], "list takes no name; show does"],
    [["forget"], "forget needs a host, a key or --since TIME"],
    [["show", "--yes"], "show takes no --yes"],
    [["show", "hsts", "cookies"], 'show takes no second "cookies"'],
    [["copy", "file:a.json"], "copy needs FROM and TO"],
    [["copy", "file:a.json", "memory:"], "memory: keeps nothing; name a store that does"],
    [["copy", "file:a.json", "file:a.json"], "FROM and TO are the same store"],
    [
      ["copy", "file:a.json", "file:b.json", "--store", "file:c.json"],
      "copy takes no --store; it takes FROM and TO, --from-key and --to-key",
    ],
    [["copy", "file:a.json", "file:b.json"], "there is no store file:a.json"],
  ] as const) {
    test(`2 for ${JSON.stringify(args)}`, async () => {
      const { stdout, stderr, exitCode } = await runHere(["store", ...args], world.user);
      assert.deepEqual([exitCode, stdout, stderr], [2, "", `fairlead: store: ${line} (see 'fairlead help store')\n`]);
    });
  }
});
