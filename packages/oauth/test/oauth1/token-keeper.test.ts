import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { readerOf } from "@fairlead/access/memory";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openOAuth1Tokens } from "../../src/oauth1/index.ts";

const token = { token: "a token", tokenSecret: "TOPSECRET", parameters: { screen_name: "Ada" } };
const key = randomBytes(32);
let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "fairlead-oauth1-"));
});
after(() => rm(directory, { recursive: true, force: true }));

function open(file: string): Promise<NetworkAccessManager> {
  return openNetworkAccessManager({ store: { url: `file:${join(directory, file)}`, key } });
}

function service(manager: NetworkAccessManager): Parameters<typeof openOAuth1Tokens>[0] {
  return { manager, accessTokenUrl: "https://photos.example/token", consumerKey: "printer" };
}

test("a token of OAuth 1 outlives its manager, encrypted, for its consumer and account alone", async () => {
  const first = await open("store.json");
  const tokens = await openOAuth1Tokens(service(first));
  assert.equal(tokens.current(), undefined);
  await tokens.keep(token);
  assert.deepEqual(tokens.current(), token);
  await first.close();
  assert.doesNotMatch(await readFile(join(directory, "store.json"), "utf8"), /TOPSECRET|photos/);

  const second = await open("store.json");
  const again = await openOAuth1Tokens(service(second));
  assert.deepEqual(again.current(), token);
  assert.equal((await openOAuth1Tokens(service(second), { account: "work" })).current(), undefined);
  assert.equal((await openOAuth1Tokens({ ...service(second), consumerKey: "other" })).current(), undefined);
  await again.forget();
  assert.equal(again.current(), undefined);
  await second.close();
});

test("it is told of without its secret, and forgotten with its service", async () => {
  await using manager = await open("other.json");
  const tokens = await openOAuth1Tokens(service(manager));
  await tokens.keep(token);
  const { describe, isSound } = readerOf("oauth-tokens");
  const [record] = manager.store.collection("oauth-tokens", { maxEntries: 1, secret: true }).entries();
  assert.ok(record !== undefined && isSound(record));
  const { issuer, client, type } = describe(record);
  assert.deepEqual([issuer, client, type], ["https://photos.example", "printer", "OAuth 1"]);
  assert.doesNotMatch(JSON.stringify(describe(record)), /TOPSECRET|a token/);
  await manager.forget({ site: "photos.example" });
  assert.equal(tokens.current(), undefined);
});
