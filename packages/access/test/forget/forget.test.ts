import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { password } from "../authentication/asking.ts";
import { contents } from "./store-contents.ts";

const MONDAY = Date.UTC(2026, 10, 16);

/** Every name is this machine. */
const lookup: LookupFunction = (_host, _options, callback) => {
  callback(null, [{ address: "127.0.0.1", family: 4 }]);
};

let authority: Authority;
let servers: readonly Server[] = [];
/** Connections, by server name. */
const connections: string[] = [];
/** The Cookie fields that were sent, the latest last. */
const cookies: string[] = [];

/** A server that has all things remembered: one for each site, so that no certificate names two. */
async function serve(...names: string[]): Promise<Server> {
  const { certificate, privateKey } = await mintCertificate({ issuer: authority, names });
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    cookies.push(request.headers.cookie ?? "");
    response.setHeader("strict-transport-security", "max-age=3600");
    if (request.url === "/redirect") {
      response.writeHead(308, { location: "/elsewhere", "cache-control": "max-age=3600" }).end();
    } else if (request.url === "/private" && request.headers.authorization === undefined) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="one"' }).end();
    } else {
      response.writeHead(200, {
        "cache-control": "max-age=3600",
        "alt-svc": 'h2="alternative.test:1"; ma=3600',
        "set-cookie": ["kept=1; Max-Age=3600; ", "session=1; "].map(
          (cookie) => `${cookie}Path=/; SameSite=None; Secure`,
        ),
      });
      response.end("text");
    }
  });
  server.on("secureConnection", (socket) => connections.push(String(socket.servername)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

before(async () => {
  authority = await mintAuthority();
  servers = [await serve("one.test", "*.one.test"), await serve("two.test", "*.two.test")];
});
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function origin(host: string): string {
  const server = host.endsWith("one.test") ? servers[0] : servers[1];
  return `https://${host}:${String((server?.address() as AddressInfo).port)}`;
}

function open(options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> {
  return openNetworkAccessManager({
    lookup,
    onAuthenticate: () => password("me", "secret", "store"),
    onClientCertificate: () => ({ type: "none", remember: "store" }),
    ...options,
    tls: { trust: { type: "anchors", certificates: [authority.certificate] } },
  });
}

async function get(manager: NetworkAccessManager, url: string, partition?: string): Promise<void> {
  const reply = await manager.request(url, partition === undefined ? {} : { partition });
  await reply.bytes();
}

/** Has everything learned that there is. */
async function visit(manager: NetworkAccessManager, host: string, partition?: string): Promise<void> {
  for (const path of ["/page", "/redirect", "/private"]) await get(manager, origin(host) + path, partition);
}

const session = /session=1/;

describe("forget({ site })", () => {
  test("leaves nothing of the site and what is beneath it, and everything of all others", async () => {
    await using store = await openStore("memory:");
    await using manager = await open({ store });
    for (const host of ["one.test", "www.one.test", "www.two.test"]) await visit(manager, host);
    const before = contents(store);
    assert.match(before, /one\.test/);
    const counts = await manager.forget({ site: "www.one.test" });
    for (const name of [
      "alt-svc",
      "cookies",
      "credentials",
      "hsts",
      "permanent-redirects",
      "resolved-addresses",
      "responses",
      "tls-tickets",
    ] as const) {
      assert.ok((counts[name] ?? 0) > 0, `${name} of ${JSON.stringify(counts)}`);
    }
    assert.equal(counts.cookies, 4, "the session's, too");
    assert.doesNotMatch(contents(store), /one\.test/);
    assert.equal(
      contents(store),
      before
        .split("\n")
        .filter((line) => !line.includes("one.test"))
        .join("\n"),
    );
  });

  test("reaches what is in memory: cookies of the session, open connections, kept responses", async () => {
    await using manager = await open();
    for (const host of ["one.test", "two.test"]) await get(manager, `${origin(host)}/page`);
    await manager.forget({ site: new URL("https://www.one.test:8443/path") });
    const opened = connections.length;
    const sent = cookies.length;
    await get(manager, `${origin("one.test")}/page`);
    assert.deepEqual(connections.slice(opened), ["one.test"], "it asks again, on a connection of its own");
    assert.deepEqual(cookies.slice(sent), [""]);
    await get(manager, `${origin("two.test")}/page`);
    await get(manager, `${origin("two.test")}/other`);
    assert.deepEqual(connections.slice(opened), ["one.test"]);
    assert.match(cookies.at(-1) ?? "", session);
    assert.equal(cookies.length, sent + 2, "the response of the other site was kept");
  });

  test("ends what others were asked on behalf of its pages, and nothing else of theirs", async () => {
    await using store = await openStore("memory:");
    await using manager = await open({ store });
    await visit(manager, "two.test", "https://www.one.test/");
    await visit(manager, "two.test");
    const counts = await manager.forget({ site: "one.test" });
    assert.equal(counts["partitioned-cookies"], 2, JSON.stringify(counts));
    assert.ok((counts["tls-tickets"] ?? 0) > 0, "although their certificate does not name it");
    assert.doesNotMatch(contents(store), /one\.test/);
    const sent = cookies.length;
    await get(manager, `${origin("two.test")}/other`, "https://www.one.test/");
    await get(manager, `${origin("two.test")}/other`);
    assert.equal(cookies[sent], "");
    assert.match(cookies[sent + 1] ?? "", session);
  });

  test("lets a request end that is under way, and closes its connection then", async () => {
    await using manager = await open();
    await get(manager, `${origin("two.test")}/a`);
    const reply = await manager.request(`${origin("one.test")}/b`);
    await manager.forget({ site: "one.test" });
    assert.equal((await reply.text()).length, 4);
    const opened = connections.length;
    await get(manager, `${origin("one.test")}/c`);
    assert.equal(connections.length, opened + 1);
  });
});

test("forget({ site }) leaves nothing of its responses in the file, and those of others", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-forget-"));
  const path = join(directory, "store", "store.db");
  {
    await using manager = await open({ store: `sqlite:${path}` });
    for (const host of ["one.test", "two.test"]) await get(manager, `${origin(host)}/page`);
    const files = async (): Promise<string> => {
      const read = ["", "-wal"].map((suffix) => readFile(`${path}.cache${suffix}`, "latin1").catch(() => ""));
      return (await Promise.all(read)).join("");
    };
    assert.match(await files(), /one\.test/);
    assert.equal((await manager.forget({ site: "one.test" })).responses, 1);
    assert.doesNotMatch(await files(), /one\.test/);
    assert.match(await files(), /two\.test/);
    assert.equal(manager.cache?.usage().entries, 1);
    assert.equal((await manager.clear("responses")).responses, 1);
    assert.doesNotMatch(await files(), /two\.test/);
  }
  await rm(directory, { recursive: true });
});

describe("forget({ since })", () => {
  test("leaves what was written before, and of a span what was written after it", async () => {
    let now = MONDAY;
    await using store = await openStore("memory:", { now: () => now });
    await using manager = await open({ store, now: () => now });
    await get(manager, `${origin("one.test")}/page`);
    now += 2 * 60_000;
    const early = new Date(now - 60_000);
    await get(manager, `${origin("www.one.test")}/page`);
    now += 2 * 60_000;
    const late = new Date(now - 60_000);
    await get(manager, `${origin("two.test")}/page`);
    now += 1_000;
    const between = await manager.forget({ since: early, until: late });
    assert.equal(between.cookies, 2);
    assert.equal(between.responses, 1);
    assert.doesNotMatch(contents(store), /www\.one\.test/);
    assert.match(contents(store), /hsts one\.test/);
    assert.match(contents(store), /hsts two\.test/);
    const both = await manager.forget({ site: "one.test", since: late });
    assert.deepEqual(both, {});
    await manager.forget({ since: late });
    assert.doesNotMatch(contents(store), /hsts two\.test/);
    assert.match(contents(store), /hsts one\.test/);
    const sent = cookies.length;
    await get(manager, `${origin("one.test")}/page`);
    assert.equal(cookies.length, sent, "its response is kept");
    await get(manager, `${origin("one.test")}/other`);
    await get(manager, `${origin("two.test")}/page`);
    assert.match(cookies[sent] ?? "", session);
    assert.equal(cookies[sent + 1], "");
  });

  test("takes what nobody knows the time of, rather than leaving what may be of it", async () => {
    await using store = await openStore("memory:", { now: () => 0 });
    store.collection("hsts", { maxEntries: 10, secret: false }).set("a.example", Buffer.from("{}"));
    await using manager = await open({ store });
    assert.deepEqual(await manager.forget({ since: new Date() }), { hsts: 1 });
  });
});

test("clear() forgets one kind, or everything, and leaves what is none of its own", async () => {
  await using store = await openStore("memory:");
  const others = store.collection("of-the-application", { maxEntries: 10, secret: false });
  others.set("one.test", Buffer.from("1"));
  await using manager = await open({ store });
  await visit(manager, "one.test");
  assert.deepEqual(await manager.clear("cookies"), { cookies: 2 });
  assert.match(contents(store), /hsts one\.test/);
  assert.deepEqual(await manager.clear("cookies"), {});
  const sent = cookies.length;
  await get(manager, `${origin("one.test")}/other`);
  assert.equal(cookies[sent], "");
  assert.ok(((await manager.clear("responses")).responses ?? 0) >= 1);
  await manager.clear();
  assert.deepEqual(store.collectionNames(), ["of-the-application"]);
  await get(manager, `${origin("one.test")}/page`);
  assert.equal(cookies.at(-1), "");
});

test("what is no site, no time or no collection is refused before anything is forgotten", async () => {
  await using manager = await open();
  for (const request of [{}, { site: "" }, { site: "https://" }, { since: new Date(Number.NaN) }]) {
    await assert.rejects(manager.forget(request), { code: "OPTION_INVALID" }, JSON.stringify(request));
  }
  await assert.rejects(manager.clear("of-the-application" as "hsts"), { code: "OPTION_INVALID" });
});

test("a manager that shares an open store hears nothing of it any more once it is closed", async () => {
  await using store = await openStore("memory:");
  let listening = 0;
  const openCollection = store.collection.bind(store);
  store.collection = (name, options) => {
    const collection = openCollection(name, options);
    const follow = collection.onForeignChange.bind(collection);
    collection.onForeignChange = (listener) => {
      const end = follow(listener);
      listening += 1;
      return () => {
        listening -= 1;
        end();
      };
    };
    return collection;
  };
  const manager = await open({ store });
  assert.ok(listening > 0);
  await manager.close();
  assert.equal(listening, 0);
});
