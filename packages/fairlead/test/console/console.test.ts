import { openNetworkAccessManager } from "@fairlead/access";
import type { ConsoleSettings, SettingsPage, ShownTestNetwork, TransactionDetails } from "@fairlead/console";
import { offerInspection } from "@fairlead/console/inspection";
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { exitCodes } from "../../src/exit-codes.ts";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";
import { startConsole } from "./started-console.ts";

/** Windows has pipes. */
const hasUnixSockets = process.platform !== "win32";

describe("fairlead console", { timeout: 60_000 }, () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  test("opens another manager with settings that are applied, and keeps the one before where they cannot be", async () => {
    await using started = await startConsole(user, ["--no-open", "--test-network", "--store", "memory:"]);
    const first = await started.json<SettingsPage>("GET", "settings");
    assert.deepEqual([first.settings.tls.backend, first.settings.tls.minVersion], ["node", "TLSv1.2"]);
    const backends = first.offered.tls.backends.map(({ name, available }) => [name, available]);
    assert.deepEqual(backends, [
      ["node", true],
      ["openssl", true],
      ["gnutls", true],
    ]);
    assert.equal(first.offered.tls.identities.length, 1);
    const { services } = await started.json<ShownTestNetwork>("GET", "test-network");
    const url = new URL("/bytes/10", services.find(({ name }) => name === "https")?.url).href;
    assert.equal((await started.load(url)).hops[0]?.tls?.backend, "node");

    const { tls } = first.settings;
    const bad: ConsoleSettings = { ...first.settings, tls: { ...tls, backend: "schannel" } };
    const refused = await started.ask("PUT", "settings", bad);
    assert.equal(refused.status, 400);
    const { code, remedy } = (await refused.json()) as { readonly code: string; readonly remedy: string };
    assert.equal(code, "OPTION_INVALID");
    assert.match(remedy, /capabilities/);
    assert.deepEqual((await started.json<SettingsPage>("GET", "settings")).settings, first.settings);

    const wanted: ConsoleSettings = {
      ...first.settings,
      tls: { ...tls, backend: "gnutls", minVersion: "TLSv1.3", identity: { type: "none" } },
    };
    assert.deepEqual((await started.json<SettingsPage>("PUT", "settings", wanted)).settings, wanted);
    const [hop] = (await started.load(url)).hops;
    assert.deepEqual([hop?.tls?.backend, hop?.tls?.protocol, hop?.status], ["gnutls", "TLSv1.3", 200]);
    // What was requested before stays on the list.
    assert.equal((await started.json<TransactionDetails>("GET", "transactions/1")).hops[0]?.tls?.backend, "node");
    assert.equal((await started.end()).exitCode, exitCodes.ok.code);
  });

  test("ends with the manager before what began there, a redirect included, when settings are applied meanwhile", async () => {
    await using origin = await startHoldingOrigin();
    await using started = await startConsole(user, ["--no-open", "--store", "memory:"]);
    const { settings } = await started.json<SettingsPage>("GET", "settings");
    const first = await started.begin(`${origin.url}/held?first`);
    const held = await origin.arrived(1);
    const givenUp = await started.begin(`${origin.url}/held?second`);
    const abandoned = await origin.arrived(2);
    await started.json("PUT", "settings", { ...settings, http2: false });

    assert.equal((await started.load(`${origin.url}/new`)).status, 200);
    const anew = await origin.arrived(3);
    assert.equal(new Set([held.connection, abandoned.connection, anew.connection]).size, 3);

    assert.equal((await started.ask("DELETE", `transactions/${String(givenUp)}`)).status, 204);
    assert.equal((await started.ended(givenUp)).state, "failed");
    await abandoned.closed;

    held.answer();
    const { state, status, hops, receivedBytes } = await started.ended(first);
    assert.deepEqual([state, status, receivedBytes], ["done", 200, 4]);
    assert.deepEqual(
      hops.map(({ url }) => new URL(url).pathname),
      ["/held", "/after"],
    );
    const after = await origin.arrived(4);
    assert.notEqual(after.connection, anew.connection);
    // It is closed when nothing is left to do.
    await Promise.all([held.closed, after.closed]);
    assert.equal((await started.load(`${origin.url}/new`)).hops[0]?.reused, true);
    assert.equal((await started.end()).exitCode, exitCodes.ok.code);
  });

  test("serves where --port says, remembers where --store says, and prints its address where it opens no browser", async () => {
    await using taken = createServer();
    await once(taken.listen(0, "127.0.0.1"), "listening");
    const { port } = addressOf(taken);
    const busy = await runHere(["console", "--no-open", "--port", String(port), "--store", "memory:"], user);
    assert.equal(busy.exitCode, exitCodes.transport.code);
    assert.match(busy.stderr, /in use/);
    taken.close();
    await once(taken, "close");

    const store = `sqlite:${user.path("console.db")}`;
    await using started = await startConsole(user, ["--no-open", "-p", String(port), "--store", store]);
    assert.equal(new URL(started.url).port, String(port));
    const { offered } = await started.json<SettingsPage>("GET", "settings");
    assert.deepEqual(
      offered.stores.map(({ description, isKept }) => [description, isKept]),
      [
        [store, true],
        ["memory:", false],
      ],
    );
    const { stdout, stderr } = await started.end();
    assert.equal(stdout, `The console is at ${started.url}\nDownloads go to ${user.home}.\nCtrl-C ends it.\n`);
    assert.equal(stderr, "");
    assert((await user.files()).includes("console.db"));
  });

  test("attaches to the program behind a socket, whose settings are its own to choose", {
    skip: !hasUnixSockets,
  }, async () => {
    await using manager = await openNetworkAccessManager();
    await using offered = await offerInspection(manager, { path: user.path("offered/socket"), name: "other" });
    await using started = await startConsole(user, ["--no-open", "--attach", offered.path]);
    assert.equal((await started.ask("GET", "memory")).status, 200);
    assert.equal((await started.ask("GET", "settings")).status, 404);
  });

  for (const [args, says] of [
    [["--port", "65536"], /--port takes a number from 0 to 65535/],
    [["--tls-backend", "schannel"], /--tls-backend takes node, openssl, gnutls/],
    [["--attach", "/nowhere", "--store", "memory:"], /--store is for the other program to say/],
    [["--attach", "/nowhere", "https://example.com/"], /give --attach or URL, not both/],
    [["--proxy", "ftp://a"], /--proxy takes scheme/],
    [["--opne"], /unknown option --opne/],
    [["a", "b"], /unexpected argument "b"/],
  ] as const) {
    test(`refuses ${args.join(" ")} before it serves anything`, async () => {
      const { exitCode, stdout, stderr } = await runHere(["console", ...args], user);
      assert.match(stderr, says);
      assert.deepEqual([exitCode, stdout], [exitCodes.usage.code, ""]);
    });
  }

  test("says that nobody listens where it is to attach", async () => {
    const { exitCode, stderr } = await runHere(["console", "--no-open", "--attach", user.path("nobody")], user);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /nobody/);
  });
});

/** A request as it arrived. */
interface Arrival {
  /** A number for each connection. */
  readonly connection: number;
  /** The connection has ended. */
  readonly closed: Promise<unknown>;
  answer(): void;
}

/** Answers all at once but `/held`, which leads to `/after` when the test says so. */
async function startHoldingOrigin(): Promise<
  AsyncDisposable & { readonly url: string; readonly arrived: (count: number) => Promise<Arrival> }
> {
  const arrivals: Arrival[] = [];
  const news = new EventEmitter();
  const server = createHttpServer((request, response) => {
    const isHeld = request.url?.startsWith("/held") === true;
    const answer = (): void => {
      if (isHeld) response.writeHead(302, { location: "/after" }).end();
      else response.end("fine");
    };
    const connection = request.socket.remotePort ?? 0;
    arrivals.push({ connection, closed: once(request.socket, "close"), answer });
    if (!isHeld) answer();
    news.emit("arrival");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${String(addressOf(server).port)}`,
    arrived: async (count) => {
      for (;;) {
        const arrival = arrivals[count - 1];
        if (arrival !== undefined) return arrival;
        await once(news, "arrival");
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of a server that listens on a port. */
function addressOf(server: Server): AddressInfo {
  return server.address() as AddressInfo;
}
