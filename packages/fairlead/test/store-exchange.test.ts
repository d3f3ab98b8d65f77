import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lchown, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { runCommandLine } from "../src/command-line.ts";
import { createUser, type TestUser } from "./child.ts";
import { FakeTerminal } from "./fake-terminal.ts";
import { runHere, type Ran } from "./in-process.ts";
import { createWorld, type TestWorld } from "./test-world.ts";

const cookie = encodeURIComponent("sid=TOPSECRET; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax");

describe("fairlead store export and import", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  /** A user whose store has learned a host that wants https, its cookie and its tickets. */
  async function learnedUser(): Promise<TestUser> {
    const user = await createUser();
    await using manager = await openNetworkAccessManager({
      store: `sqlite:${user.storeFile}`,
      lookup: world.network.lookup,
      tls: { trust: { type: "anchors", certificates: [world.network.ca.certificate] } },
    });
    for (const path of ["/hsts/good/subdomains", `/cookies/set-raw?value=${cookie}`]) {
      await (await manager.request(world.network.origin("https", "fairlead.test") + path)).text();
    }
    return user;
  }

  /** Runs the real curl, which finds and trusts the network. */
  async function curl(...args: string[]): Promise<string> {
    const { port } = world.network.service("https");
    const { port: plainPort } = world.network.service("http");
    const resolve = [port, plainPort].flatMap((each) => [
      "--resolve",
      `fairlead.test:${String(each)}:${world.network.http.host}`,
    ]);
    const trust = ["--silent", "--show-error", "--cacert", world.user.path("ca.pem"), ...resolve];
    const child = spawn("curl", [...trust, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const [printed, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    assert.equal(child.exitCode, 0, said);
    return printed + said;
  }

  async function run(user: TestUser, ...args: string[]): Promise<Ran> {
    const finished = await runHere(["store", ...args], user);
    assert.equal(finished.exitCode, 0, finished.stderr);
    return finished;
  }

  async function cookiesSeen(user: TestUser): Promise<string> {
    const url = world.url("https", "/echo", "fairlead.test");
    const { stdout } = await user.run(["get", ...world.trust, url]);
    return stdout;
  }

  test("export follows a link of this user, and none that another has placed", async () => {
    // Nobody else can give a link to another user.
    if (process.getuid?.() !== 0) return;
    await using user = await createUser();
    const [target, link] = [user.path("target.json"), user.path("link.json")];
    await writeFile(target, "mine");
    await symlink(target, link);
    await lchown(link, 65_534, 65_534);
    const { exitCode, stderr } = await runHere(["store", "export", link], user);
    assert.deepEqual([exitCode, await readFile(target, "utf8")], [9, "mine"]);
    assert.match(stderr, /^fairlead: cannot write .+: it is a link of another user\n$/);
    await lchown(link, 0, 0);
    await run(user, "export", link);
    assert.match(await readFile(target, "utf8"), /"export": 1/);
  });

  test("import tells what a collection has no room for", async () => {
    await using user = await createUser();
    const names = Array.from({ length: 3_001 }, (_, index) => `h${String(index)}.example`);
    const jar = names.map((name) => `${name}\tFALSE\t/\tTRUE\t4000000000\ta\tb`).join("\n");
    await writeFile(user.path("many.txt"), `# Netscape HTTP Cookie File\n${jar}\n`, { mode: 0o600 });
    const { stderr } = await run(user, "import", user.path("many.txt"));
    assert.equal(stderr, "fairlead: cookies keeps 3000 records; the first ones made room\n");
  });

  test("cookies of curl -c are sent by Fairlead", async () => {
    await using user = await createUser();
    const jar = user.path("jar.txt");
    await curl("-c", jar, "-o", "/dev/null", world.url("https", `/cookies/set-raw?value=${cookie}`, "fairlead.test"));
    await chmod(jar, 0o600);
    assert.doesNotMatch(await cookiesSeen(user), /TOPSECRET/);
    const { stdout, stderr } = await run(user, "import", jar);
    assert.match(stdout, /^COLLECTION +RECORDS\ncookies +1\n\nImported 1 record from .+jar\.txt\.\n$/);
    assert.equal(stderr, "");
    assert.match(await cookiesSeen(user), /sid=TOPSECRET/);
  });

  test("cookies of Fairlead are sent by curl -b", async () => {
    await using user = await learnedUser();
    const file = user.path("cookies.txt");
    const { stdout, stderr } = await run(user, "export", file, "--format", "netscape-cookies", "--secrets");
    assert.match(stdout, /^COLLECTION +RECORDS\ncookies +1\n\nExported 1 record to .+cookies\.txt\.\n$/);
    assert.equal(stderr, "");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(await curl("-b", file, world.url("https", "/echo", "fairlead.test")), /sid=TOPSECRET/);
    assert.doesNotMatch(await curl("-b", file, world.url("http", "/echo", "fairlead.test")), /TOPSECRET/, "Secure");
  });

  test("hosts that curl --hsts knows are known to Fairlead", async () => {
    await using user = await createUser();
    const cache = user.path("hsts.txt");
    await curl("--hsts", cache, "-o", "/dev/null", world.url("https", "/hsts/good/subdomains", "fairlead.test"));
    const { stdout } = await run(user, "import", cache);
    assert.match(stdout, /^hsts +1$/m);
    assert.match((await run(user, "show", "hsts")).stdout, /^ {2}fairlead\.test +yes +\d{4}-/m);
  });

  test("hosts that Fairlead knows are known to curl --hsts", async () => {
    await using user = await learnedUser();
    const cache = user.path("hsts.txt");
    await run(user, "export", cache, "--format", "curl-hsts");
    // Nothing speaks TLS on that port: that curl tries to is what is seen.
    const url = world.url("http", "/", "fairlead.test");
    await assert.rejects(curl("--hsts", cache, url), /SSL/i);
    await assert.doesNotReject(curl(url));
  });

  test("an export as JSON is a private file that has all again in another store, and no secret by itself", async () => {
    await using user = await learnedUser();
    const file = user.path("all.json");
    await writeFile(file, "was here before", { mode: 0o644 });
    const { stdout } = await run(user, "export", file, "--secrets", "--json");
    assert.partialDeepStrictEqual(JSON.parse(stdout), { file, format: "json", omitted: 0 });
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(await readFile(file, "utf8"), /TOPSECRET/);

    const other = `file:${user.path("other")}/store.json`;
    const { stderr } = await run(user, "import", file, "--store", other);
    assert.equal(stderr, "");
    const shown = async (...args: string[]): Promise<string> => (await run(user, "show", ...args)).stdout;
    assert.equal(await shown("--store", other), await shown());

    const open = await run(user, "export");
    assert.doesNotMatch(open.stdout, /TOPSECRET|sid/);
    assert.match(open.stdout, /"key":"fairlead\.test"/);
    assert.equal(open.stderr, "fairlead: cookies, tls-tickets: secret, not exported; --secrets exports them, too\n");
  });

  test("a file with secrets that others can read is taken, with a warning", async () => {
    await using user = await learnedUser();
    for (const [format, name] of [
      ["json", "all.json"],
      ["netscape-cookies", "cookies.txt"],
    ] as const) {
      const file = user.path(name);
      await run(user, "export", file, "--format", format, "--secrets");
      await chmod(file, 0o644);
      const { stderr } = await run(user, "import", file);
      assert.match(
        stderr,
        /^fairlead: warning: other users can read the secrets in .+; run chmod 600, or remove it\n$/,
      );
    }
    const hosts = user.path("hsts.txt");
    await run(user, "export", hosts, "--format", "curl-hsts");
    await chmod(hosts, 0o644);
    assert.equal((await run(user, "import", hosts)).stderr, "");
  });

  test("what is left out of a file is told by line, without what it holds", async () => {
    await using user = await createUser();
    const lines = Array.from({ length: 12 }, () => ".com\tTRUE\t/\tTRUE\t4000000000\tsid\tTOPSECRET");
    const file = ["# Netscape HTTP Cookie File", ...lines, "a.example\tFALSE\t/\tFALSE\t4000000000\ta\t1", ""].join(
      "\n",
    );
    const piped = await user.run(["store", "import", "-"], { stdin: file });
    assert.equal(piped.exitCode, 0);
    assert.match(piped.stdout, /^Imported 1 record from -\.$/m);
    const told = piped.stderr.split("\n");
    assert.deepEqual(
      [told[0], told[9], told[10], told.length],
      [
        "fairlead: -: line 2 left out: public-suffix",
        "fairlead: -: line 11 left out: public-suffix",
        "fairlead: -: 2 others left out; --json tells all",
        12,
      ],
    );
    const json = await user.run(["store", "import", "-", "--json"], { stdin: file });
    const { omitted } = JSON.parse(json.stdout) as { readonly omitted: readonly unknown[] };
    assert.equal(omitted.length, 12);
    assert.doesNotMatch(piped.stdout + piped.stderr + json.stdout + json.stderr, /TOPSECRET/);
  });

  test("secrets are not shown on a terminal, unless that is asked for", async () => {
    await using user = await learnedUser();
    const store = ["--store", `sqlite:${user.storeFile}`];
    const terminal = new FakeTerminal();
    assert.equal(await runCommandLine(["store", "export", "--secrets", ...store], terminal.surroundings), 2);
    assert.match(terminal.shown, /does not show secrets on a terminal: name a file, or give --yes/);
    assert.equal(terminal.printed, "");
    const willing = new FakeTerminal();
    assert.equal(await runCommandLine(["store", "export", "--secrets", "--yes", ...store], willing.surroundings), 0);
    assert.match(willing.printed, /TOPSECRET/);
  });

  test("an import that is refused leaves the store as it was", async () => {
    await using user = await createUser();
    const file = user.path("bad.json");
    const host = { key: "a.example", text: '{"includeSubDomains":true}' };
    await writeFile(file, JSON.stringify({ fairlead: { export: 1 }, collections: { hsts: [host, 1] } }), {
      mode: 0o600,
    });
    const { stdout, stderr, exitCode } = await user.run(["store", "import", file]);
    assert.deepEqual([stdout, exitCode], ["", 8]);
    assert.match(stderr, /collections\.hsts\[1\] is no object.+\[IMPORT_INVALID\]\n$/);
    await using store = await openStore(`sqlite:${user.storeFile}`);
    assert.deepEqual(store.collectionNames(), []);
  });

  for (const [args, exitCode, line] of [
    [["import", "-"], 9, "cannot import -: its format cannot be told; name it by --format"],
    [["import", "/nowhere/x"], 9, "cannot read /nowhere/x: there is no such file or directory"],
    [["import", "/"], 9, "cannot read /: it is a directory"],
    [["import"], 2, "store: import needs FILE (see 'fairlead help store')"],
    [
      ["import", "x", "--store", "memory:"],
      2,
      "store: memory: keeps nothing; name a store that does (see 'fairlead help store')",
    ],
    [
      ["import", "x", "--format", "xml"],
      2,
      `store: --format takes json, netscape-cookies, curl-hsts, not "xml" (see 'fairlead help store')`,
    ],
    [
      ["export", "--format", "netscape-cookies"],
      2,
      "store: cookies are secrets: --format netscape-cookies needs --secrets (see 'fairlead help store')",
    ],
    [
      ["export", "--json"],
      2,
      "store: export --json tells of a file: name one (it is --format json that exports JSON) (see 'fairlead help store')",
    ],
    [["export", "a", "b"], 2, `store: export takes no second "b" (see 'fairlead help store')`],
  ] as const) {
    test(`${String(exitCode)} for ${JSON.stringify(args)}`, async () => {
      const finished = await runHere(["store", ...args], world.user);
      assert.deepEqual([finished.exitCode, finished.stdout, finished.stderr], [exitCode, "", `fairlead: ${line}\n`]);
    });
  }
});
