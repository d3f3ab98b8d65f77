import { skipWithoutRedis, startRedis } from "@fairlead/conformance/peers";
import { openNetworkAccessManager } from "@fairlead/access";
import {
  authenticator,
  openOAuthClient,
  type OAuthClient,
  type OAuthClientOptions,
  type TokenSet,
} from "@fairlead/oauth";
import { openStore, type OpenStoreOptions } from "@fairlead/store";
import { readerOf } from "@fairlead/access/memory";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { metadataOf, startTokenService, type TokenService } from "../fixtures/token-service.ts";

const key = randomBytes(32);
const tokens: TokenSet = {
  accessToken: "access-0",
  tokenType: "bearer",
  expiresAt: undefined,
  refreshToken: "refresh-0",
  scope: ["read"],
  claims: undefined,
  idToken: undefined,
};

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "fairlead-tokens-"));
});
after(async () => {
  await rm(directory, { recursive: true });
});

let number = 0;
const newPlace = (): string => join(directory, String((number += 1)), "store.db");

/** A client of a service, in a manager of its own. */
async function open(
  service: TokenService,
  url: string,
  options: Partial<OAuthClientOptions> & { readonly store?: OpenStoreOptions } = {},
): Promise<OAuthClient & AsyncDisposable> {
  const { store = { key }, ...own } = options;
  const opened = await openStore(url, store);
  const manager = await openNetworkAccessManager({ store: opened });
  const client = await openOAuthClient({
    manager,
    issuer: service.issuer,
    server: metadataOf(service),
    clientId: "tool",
    timeout: 1_000,
    ...own,
  });
  return {
    options: client.options,
    server: client.server,
    manager,
    tokens: client.tokens,
    get proofKey() {
      return client.proofKey;
    },
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await opened.close();
    },
  };
}

const ask = async (
  client: OAuthClient,
  service: TokenService,
  speaker = speakerOf(client, service),
): Promise<number> => {
  const reply = await client.manager.request(`${service.api}/items`, { authenticator: speaker });
  await reply.bytes();
  return reply.status;
};
const speakerOf = (client: OAuthClient, service: TokenService): ReturnType<typeof authenticator> =>
  authenticator(client, { origins: [service.api] });

/** Resolves when it holds; what one process writes is seen by others a little later. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Text of all files of a store. */
async function written(place: string): Promise<string> {
  const folder = join(place, "..");
  const files = await readdir(folder).catch(() => []);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "latin1")))).join("\n");
}

describe("tokens in a store that is encrypted", () => {
  test("are there after a restart, with their key and who they are of, and in no file", async () => {
    await using service = await startTokenService();
    const place = newPlace();
    const bound = { ...tokens, tokenType: "dpop", claims: { iss: service.issuer, sub: "ada" } } as const;
    let identity: string;
    {
      await using client = await open(service, `sqlite:${place}`, { dpop: true });
      await client.tokens.keep(bound);
      ({ identity } = client.tokens);
      assert.equal(await ask(client, service), 200);
    }
    await using again = await open(service, `sqlite:${place}`, { dpop: true });
    assert.deepEqual(again.tokens.current(), bound);
    assert.equal(again.tokens.identity, identity);
    assert.equal(await ask(again, service), 200);
    assert.equal(service.proofs[0]?.["key"], service.proofs[1]?.["key"]);
    const text = await written(place);
    for (const secret of ["access-0", "refresh-0", "ada", new URL(service.issuer).host]) {
      assert.equal(text.includes(secret), false, secret);
    }
  });

  test("are those of one account, client and resource alone", async () => {
    await using service = await startTokenService();
    const url = `sqlite:${newPlace()}`;
    await using one = await open(service, url);
    await one.tokens.keep(tokens);
    for (const other of [{ account: "two" }, { clientId: "other" }, { resource: "https://api.example/" }]) {
      const { manager } = one;
      const { issuer } = service;
      const client = await openOAuthClient({
        manager,
        issuer,
        server: metadataOf(service),
        clientId: "tool",
        ...other,
      });
      assert.equal(client.tokens.current(), undefined);
      assert.notEqual(client.tokens.identity, one.tokens.identity);
    }
  });

  test("are shown without secrets, are whole, and are forgotten by their site, and when all is cleared", async () => {
    await using service = await startTokenService();
    await using client = await open(service, `sqlite:${newPlace()}`, { account: "work" });
    const { manager } = client;
    await client.tokens.keep(tokens);
    const reader = readerOf("oauth-tokens");
    const records = [...manager.store.collection("oauth-tokens", { maxEntries: 1, secret: true }).entries()];
    assert.equal(records.length, 2);
    for (const record of records) {
      assert.equal(reader.isSound(record), true);
      const shown = reader.describe(record);
      assert.deepEqual([shown["issuer"], shown["client"], shown["account"]], [service.issuer, "tool", "work"]);
      assert.equal(/access-0|refresh-0/.test(JSON.stringify(shown)), false);
      assert.deepEqual(reader.hosts(record), ["127.0.0.1"]);
      assert.equal(reader.isSound({ ...record, value: record.value.slice(1) }), false);
    }
    assert.deepEqual(await manager.forget({ site: "127.0.0.2" }), {});
    assert.ok(client.tokens.current() !== undefined);
    assert.deepEqual(await manager.forget({ site: "127.0.0.1" }), { "oauth-tokens": 2 });
    assert.equal(client.tokens.current(), undefined);
    await client.tokens.keep(tokens);
    assert.deepEqual(await manager.clear("oauth-tokens"), { "oauth-tokens": 2 });
    assert.equal(client.tokens.current(), undefined);
  });

  test("that are damaged are none", async () => {
    await using service = await startTokenService();
    await using client = await open(service, `sqlite:${newPlace()}`);
    await client.tokens.keep(tokens);
    const records = client.manager.store.collection("oauth-tokens", { maxEntries: 1, secret: true });
    for (const { key: name } of [...records.entries()]) records.set(name, Buffer.from("{"));
    assert.equal(client.tokens.current(), undefined);
  });

  test("and bound to a key are none to a client that binds none", async () => {
    await using service = await startTokenService();
    const url = `sqlite:${newPlace()}`;
    await using bound = await open(service, url, { dpop: true });
    await bound.tokens.keep({ ...tokens, tokenType: "dpop" });
    const { manager, options } = bound;
    const plain = await openOAuthClient({ ...options, manager, dpop: false });
    assert.deepEqual([plain.tokens.current(), plain.proofKey], [undefined, undefined]);
  });
});

describe("tokens in a store that is not encrypted", () => {
  const inTheClear = { store: {}, dangerous: { keepTokensInTheClear: true } };

  test("stay in memory, for all clients of the store, with one warning; they are forgotten with the rest", async () => {
    await using service = await startTokenService();
    const place = newPlace();
    const warned = once(process, "warning");
    {
      await using client = await open(service, `sqlite:${place}`, { store: {} });
      const [{ message, code }] = (await warned) as [{ message: string; code: string }];
      assert.equal(code, "secrets-not-kept");
      assert.match(message, /tokens of OAuth/);
      await client.tokens.keep(tokens);
      const { manager, options } = client;
      const other = await openOAuthClient({ ...options, manager });
      assert.deepEqual(other.tokens.current(), tokens);
      assert.deepEqual(await manager.forget({ site: service.issuer }), { "oauth-tokens": 2 });
      assert.equal(other.tokens.current(), undefined);
      await client.tokens.keep(tokens);
      assert.equal((await written(place)).includes("refresh-0"), false);
    }
    await using again = await open(service, `sqlite:${place}`, { store: {} });
    assert.equal(again.tokens.current(), undefined);
  });

  test("are written all the same where the application says so", async () => {
    await using service = await startTokenService();
    const place = newPlace();
    await using client = await open(service, `sqlite:${place}`, inTheClear);
    await client.tokens.keep(tokens);
    assert.ok((await written(place)).includes("refresh-0"));
  });

  test("are in memory as they are where the store is nothing else", async () => {
    await using service = await startTokenService();
    await using client = await open(service, "memory:", { store: {} });
    await client.tokens.keep(tokens);
    assert.deepEqual([...client.manager.store.collectionNames()], ["oauth-tokens"]);
  });
});

/** What several processes that have one store do, each with a connection of its own. */
function shared(place: () => Promise<string>): void {
  test("are renewed once for all, and seen by all: a refresh token is never spent twice", async () => {
    await using service = await startTokenService();
    const url = await place();
    await using one = await open(service, url);
    await using two = await open(service, url);
    await using three = await open(service, url);
    await one.tokens.keep(tokens);
    const all = [one, two, three];
    await until(() => all.every((client) => client.tokens.current() !== undefined));
    for (let round = 1; round <= 3; round += 1) {
      service.valid.clear();
      service.delay = 50;
      const requests = all.flatMap((client) => {
        const speaker = speakerOf(client, service);
        return [ask(client, service, speaker), ask(client, service, speaker)];
      });
      assert.deepEqual(new Set(await Promise.all(requests)), new Set([200]));
      assert.equal(service.grants.length, round);
    }
    for (const client of all) await until(() => client.tokens.current()?.accessToken === "access-3");
    await two.tokens.forget();
    for (const client of all) await until(() => client.tokens.current() === undefined);
  });

  test("are renewed by another where who had the turn has died", async () => {
    await using service = await startTokenService();
    const url = await place();
    await using dead = await open(service, url, { timeout: 100 });
    await using alive = await open(service, url, { timeout: 100 });
    await dead.tokens.keep(tokens);
    await until(() => alive.tokens.current() !== undefined);
    service.valid.clear();
    const { promise: taken, resolve } = Promise.withResolvers<undefined>();
    const { promise: forever, reject } = Promise.withResolvers<TokenSet>();
    const never = dead.tokens.renew(tokens, () => {
      resolve(undefined);
      return forever;
    });
    await taken;
    assert.equal(await ask(alive, service), 200);
    assert.deepEqual(service.grants, ["refresh_token"]);
    await until(() => dead.tokens.current()?.accessToken === "access-1");
    reject(new Error("dead"));
    await assert.rejects(never, /dead/);
    assert.equal(alive.tokens.current()?.accessToken, "access-1");
  });

  test("stay where a renewal that began too late finds its refresh token spent, and another has the new ones", async () => {
    await using service = await startTokenService();
    const url = await place();
    await using slow = await open(service, url, { timeout: 100 });
    await using fast = await open(service, url, { timeout: 100 });
    await slow.tokens.keep(tokens);
    await until(() => fast.tokens.current() !== undefined);
    service.valid.clear();
    // It is taken for dead, and goes on after all.
    const { promise: hold, resolve: release } = Promise.withResolvers<undefined>();
    const { promise: taken, resolve } = Promise.withResolvers<undefined>();
    const late = slow.tokens.renew(tokens, async (latest, turn) => {
      resolve(undefined);
      await hold;
      assert.equal(latest?.refreshToken, "refresh-0");
      await turn.forget();
      return turn.current() ?? assert.fail("the new ones were forgotten");
    });
    await taken;
    assert.equal(await ask(fast, service), 200);
    // What is written is not seen by the other yet.
    release(undefined);
    assert.equal((await late).accessToken, "access-1");
    assert.equal(fast.tokens.current()?.accessToken, "access-1");
  });
}

describe("tokens that several processes have, in SQLite", () => {
  shared(() => Promise.resolve(`sqlite:${newPlace()}`));
});

describe("tokens that a fleet has, in Redis", { skip: skipWithoutRedis() }, () => {
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  after(async () => {
    await redis?.[Symbol.asyncDispose]();
  });
  shared(async () => {
    redis ??= await startRedis();
    return `${redis.url}?prefix=tokens${String((number += 1))}`;
  });
});

describe("a renewal", () => {
  test("does not overwrite who has signed in meanwhile, nor bring back who has signed out", async () => {
    await using service = await startTokenService();
    await using client = await open(service, "memory:", { store: {} });
    const of = (sub: string): TokenSet => ({ ...tokens, accessToken: sub, claims: { iss: service.issuer, sub } });
    await client.tokens.keep(of("ada"));
    for (const then of [of("bob"), undefined]) {
      const outdated = client.tokens.current();
      const renewed = await client.tokens.renew(outdated, async (latest, turn) => {
        assert.deepEqual(latest, outdated);
        await (then === undefined ? client.tokens.forget() : client.tokens.keep(then));
        const fresh = { ...tokens, accessToken: "fresh" };
        await turn.keep(fresh);
        return fresh;
      });
      assert.equal(renewed.accessToken, "fresh");
      assert.deepEqual(client.tokens.current(), then);
    }
  });

  test("that failed leaves the tokens, and the turn to the next", async () => {
    await using service = await startTokenService();
    await using client = await open(service, "memory:", { store: {} });
    await client.tokens.keep(tokens);
    const failure = new Error("away");
    const fail = (): Promise<TokenSet> => Promise.reject(failure);
    await assert.rejects(client.tokens.renew(tokens, fail), failure);
    await assert.rejects(client.tokens.renew(tokens, fail), failure);
    assert.deepEqual(client.tokens.current(), tokens);
  });
});
