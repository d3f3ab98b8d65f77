import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startSecretService } from "@fairlead/conformance/peers";
import { runCommandLine } from "../src/command-line.ts";
import {
  plainTokens,
  startPlainServer,
  startProvider,
  walk,
  type AuthorizationServer,
} from "./fixtures/authorization-server.ts";
import { createUser, finish, type TestUser } from "./child.ts";
import { runHere, type Ran } from "./in-process.ts";

/** Runs a command line, and has somebody do what it asks for on standard error. */
async function runWatched(
  args: readonly string[],
  user: TestUser,
  asked: RegExp,
  act: (match: RegExpExecArray) => Promise<unknown>,
): Promise<Ran> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const printed = text(stdout);
  let shown = "";
  let acted: Promise<unknown> | undefined;
  stderr.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    const match = asked.exec(shown);
    if (match !== null) acted ??= act(match);
  });
  const exitCode = await runCommandLine(args, {
    ...{ stdin, stdout, stderr },
    env: { HOME: user.home, XDG_STATE_HOME: user.path("state") },
    signal: AbortSignal.timeout(30_000),
    self: [process.execPath],
  });
  stdout.end();
  await acted;
  return { exitCode, stdout: await printed, stderr: shown };
}

const address = /^Sign in at (\S+)\n/m;

/** A service that answers with who it was asked by. */
class TestService implements AsyncDisposable {
  readonly asked: IncomingHttpHeaders[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(request.headers);
    response.end("hello");
  });

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get origin(): string {
    // On a port, which has an address.
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

describe("fairlead login and logout", () => {
  let provider: AuthorizationServer;
  let service: TestService;
  let user: TestUser;
  let key: readonly string[];

  before(async () => {
    [provider, service] = await Promise.all([startProvider(), new TestService().start()]);
  });
  after(async () => {
    await Promise.all([provider, service].map((each) => each[Symbol.asyncDispose]()));
  });
  beforeEach(async () => {
    user = await createUser();
    key = ["--store-key", `file:${user.path("key")}`];
    service.asked.length = 0;
  });
  afterEach(() => user[Symbol.asyncDispose]());

  const signInAt = (match: RegExpExecArray): Promise<void> => walk(new URL(match[1] ?? ""));

  async function signIn(...more: string[]): Promise<Ran> {
    const scope = ["--scope", "openid profile", "--scope", "offline_access"];
    const args = ["login", provider.issuer, "--no-browser", ...scope, ...key, ...more];
    return runWatched(args, user, address, signInAt);
  }

  async function get(...more: string[]): Promise<Ran> {
    return runHere(["get", ...key, ...more], user);
  }

  test("sign in by the browser, send the token where it was wanted, and have it revoked", async () => {
    const ran = await signIn("--client-id", "tool", "--for", service.origin);
    assert.equal(ran.exitCode, 0, ran.stderr);
    const { host } = new URL(provider.issuer);
    assert.match(ran.stdout, new RegExp(`^Signed in at ${host} as ada, until you sign out`));
    assert.match(ran.stdout, new RegExp(`^'fairlead get' sends the token to ${service.origin}; --no-login`, "m"));

    assert.match(ran.stderr, /^Made \S+key, the key of the store/m);
    const { mode } = await stat(user.path("key"));
    assert.equal(mode & 0o777, 0o600);
    assert.match(await readFile(user.path("key"), "utf8"), /^[\da-f]{64}\n$/);
    const bytes = await readFile(user.storeFile);
    assert.ok(!bytes.includes(host) && !bytes.includes(service.origin));
    const keyless = await runHere(["get", service.origin], user);
    assert.equal(keyless.exitCode, 8);
    assert.match(keyless.stderr, /STORE_KEY/);

    const told = await get("-v", `${service.origin}/items`);
    assert.deepEqual([told.exitCode, told.stdout], [0, "hello"]);
    assert.match(service.asked[0]?.authorization ?? "", /^(?:Bearer|DPoP) [\w.-]{20,}$/);
    assert.match(told.stderr, /^ {3}as {4}login \w+ at \S+: its token was sent\s+\((?:bearer|dpop)\), and accepted;/m);
    const token = service.asked[0]?.authorization?.split(" ")[1] ?? "";
    assert.ok(token !== "" && !`${told.stderr}${ran.stdout}${ran.stderr}`.includes(token));

    await get("--no-login", service.origin);
    await get("-H", "Authorization: Basic bWU6", service.origin);
    await get("--account", "other", service.origin);
    await using elsewhere = await new TestService().start();
    await get(elsewhere.origin);
    assert.equal(elsewhere.asked[0]?.authorization, undefined);
    assert.deepEqual(
      service.asked.slice(1).map(({ authorization }) => authorization),
      [undefined, "Basic bWU6", undefined],
    );

    const list = await runHere(["store", "list", ...key], user);
    assert.match(list.stdout, /, encrypted\n/);
    assert.match(list.stdout, /^oauth-logins +1 /m);
    assert.match(list.stdout, /^oauth-tokens +[12] /m);
    const show = await runHere(["store", "show", "oauth-logins", ...key, "--json"], user);
    assert.match(show.stdout, new RegExp(service.origin));
    assert.ok(!show.stdout.includes(token));

    const revocations = provider.paths.length;
    const out = await runHere(["logout", provider.issuer, ...key], user);
    assert.deepEqual([out.exitCode, out.stdout, out.stderr], [0, `Signed out at ${host}.\n`, ""]);
    assert.ok(provider.paths.slice(revocations).includes("/token/revocation"));
    await get(service.origin);
    assert.equal(service.asked.at(-1)?.authorization, undefined);
    assert.equal((await runHere(["logout", ...key], user)).stdout, "Nobody is signed in.\n");
    const empty = await runHere(["store", "list", ...key], user);
    assert.doesNotMatch(empty.stdout, /oauth-/);
  });

  test("register the program where it is not told who it is, once", async () => {
    const before = provider.paths.length;
    for (let count = 0; count < 2; count += 1) {
      const ran = await signIn("--for", service.origin);
      assert.equal(ran.exitCode, 0, ran.stderr);
    }
    assert.equal(provider.paths.slice(before).filter((path) => path === "/reg").length, 1);
    await get(service.origin);
    assert.ok(service.asked[0]?.authorization !== undefined);
  });

  test("tell accounts apart", async () => {
    for (const account of ["home", "work"]) {
      assert.equal((await signIn("--client-id", "tool", "--for", service.origin, "--account", account)).exitCode, 0);
    }
    await get("--account", "home", service.origin);
    await get("--account", "work", service.origin);
    const [home, work] = service.asked.map(({ authorization }) => authorization);
    assert.ok(home !== undefined && work !== undefined && home !== work);
    const out = await runHere(["logout", "--account", "home", ...key], user);
    assert.match(out.stdout, /^Signed out at \S+ \(home\)\.\n$/);
    await get(service.origin);
    assert.equal(service.asked[2]?.authorization, work);
  });

  test("sign in by another device", async () => {
    await using server = await startPlainServer();
    const args = ["login", server.issuer, "--device", "--client-id", "tool", "--for", service.origin, ...key];
    const ran = await runHere(args, user);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stderr, /^Open \S+\/activate on any device, and type in ABCD-EFGH\n/m);
    await get(service.origin);
    assert.equal(service.asked[0]?.authorization, `Bearer ${plainTokens.access_token}`);
    assert.doesNotMatch(`${ran.stdout}${ran.stderr}`, /TOPSECRET/);
  });

  test("forget what cannot be revoked, and tell", async () => {
    {
      await using server = await startPlainServer();
      const args = ["login", server.issuer, "--device", "--client-id", "tool", "--for", service.origin, ...key];
      assert.equal((await runHere(args, user)).exitCode, 0);
    }
    const out = await runHere(["logout", ...key], user);
    assert.equal(out.exitCode, 3);
    assert.match(out.stdout, /^Signed out at /);
    assert.match(out.stderr, /^fairlead: .+\n$/);
    await get(service.origin);
    assert.equal(service.asked[0]?.authorization, undefined);
  });

  test("end with 10 where the server says no, and keep nothing", async () => {
    await using server = await startPlainServer();
    const args = ["login", server.issuer, "--no-browser", "--client-id", "tool", ...key];
    const ran = await runWatched(args, user, address, async (match) => {
      const asked = new URL(match[1] ?? "").searchParams;
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("state", asked.get("state") ?? "");
      await (await fetch(back)).text();
    });
    assert.deepEqual([ran.exitCode, ran.stdout], [10, ""]);
    assert.match(ran.stderr, /access_denied.+\[OAUTH_REFUSED\]\n$/);
    assert.equal((await runHere(["logout", ...key], user)).stdout, "Nobody is signed in.\n");
  });

  test("take a secret from a file that nobody else can read, and from nowhere else", async () => {
    const file = user.path("secret");
    await writeFile(file, "TOPSECRET\n", { mode: 0o644 });
    const args = [
      "login",
      provider.issuer,
      "--no-browser",
      "--client-id",
      "tool",
      "--client-secret-file",
      file,
      ...key,
    ];
    const shared = await runHere(args, user);
    assert.equal(shared.exitCode, 9);
    assert.match(shared.stderr, /other users can read it; run chmod 600/);
    const empty = user.path("empty");
    await writeFile(empty, "\n", { mode: 0o600 });
    const nothing = await runHere(args.with(args.indexOf(file), empty), user);
    assert.equal(nothing.exitCode, 9);
    assert.doesNotMatch(`${shared.stderr}${nothing.stderr}`, /TOPSECRET/);
  });

  test("say how a store can be encrypted where there is no keyring, and leave it as it was", async () => {
    assert.equal((await runHere(["get", service.origin], user)).exitCode, 0);
    const child = user.start(["login", provider.issuer, "--no-browser", "--client-id", "tool"], {
      env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" },
    });
    child.stdin.end();
    const ran = await finish(child);
    assert.deepEqual([ran.exitCode, ran.stdout], [8, ""]);
    assert.match(ran.stderr, /name a key by --store-key file:PATH.+\[STORE_KEY_UNAVAILABLE\]\n$/);
    assert.equal((await runHere(["get", service.origin], user)).exitCode, 0);
  });

  test("encrypt the store with a key of the keyring where none is named", async () => {
    await using keyring = await startSecretService();
    const options = { env: keyring.environment };
    const said = ["--client-id", "tool", "--scope", "openid", "--for", service.origin];
    const args = ["login", provider.issuer, "--no-browser", ...said];
    const child = user.start(args, options);
    child.stdin.end();
    let shown = "";
    child.stderr.on("data", (chunk: Buffer) => {
      const before = address.test(shown);
      shown += chunk.toString();
      const match = address.exec(shown);
      if (match !== null && !before) void signInAt(match);
    });
    const ran = await finish(child);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stderr, /^The store is encrypted from now on, with a key in your keyring\.$/m);
    assert.equal((await user.run(["get", service.origin], options)).stdout, "hello");
    assert.ok(service.asked[0]?.authorization !== undefined);
  });

  test("refuse what cannot be, with one line and 2", async () => {
    const table = [
      [["login"], /ISSUER is missing/],
      [["login", "http://login.example"], /ISSUER is the https URL/],
      [["login", "https://me:TOPSECRET@login.example"], /ISSUER is the https URL/],
      [["login", "https://login.example?a"], /ISSUER is the https URL/],
      [["login", "login.example", "--for", "http://api.example"], /--for takes https/],
      [["login", "login.example", "--for", "https://api.example/path"], /--for takes https/],
      [["login", "login.example", "--for", "api.example"], /--for takes https/],
      [["login", "login.example", "--device", "--no-browser"], /--device needs no --no-browser/],
      [["login", "login.example", "--client-secret-file", "x"], /needs --client-id/],
      [["login", "login.example", "--client-id", "a", "--store", "memory:"], /gone when this command ends/],
      [["login", "login.example", "--client-secret", "TOPSECRET"], /unknown option --client-secret; did you mean/],
      [["logout", "ftp://login.example"], /ISSUER is the https URL/],
      [["get", "--account", "a", "--no-login", "data:,"], /not both/],
    ] as const;
    for (const [args, line] of table) {
      const { exitCode, stdout, stderr } = await runHere(args, user);
      assert.deepEqual([exitCode, stdout], [2, ""], args.join(" "));
      assert.match(stderr, line);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.doesNotMatch(stderr, /TOPSECRET/);
    }
    assert.deepEqual(await user.files(), []);
  });
});
