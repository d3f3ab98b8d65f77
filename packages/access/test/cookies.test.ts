import type { NetworkAccessManager, RequestOptions } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";

const fixture = networkFixture();
const { either, open } = fixture;
const a = (): string => fixture.network.origin("https", "a.fairlead.test");
const b = (): string => fixture.network.origin("https", "b.fairlead.test");
const other = (): string => fixture.network.origin("https", "other.test");

async function set(manager: NetworkAccessManager, origin: string, ...values: string[]): Promise<void> {
  const query = values.map((value) => `value=${encodeURIComponent(value)}`).join("&");
  await (await manager.request(`${origin}/cookies/set-raw?${query}`)).bytes();
}

/** The Cookie field that the server sees; by request and by fetch alike. */
async function sent(manager: NetworkAccessManager, url: string, options: RequestOptions = {}): Promise<string> {
  const header = (): string => {
    const value = fixture.network.requests.at(-1)?.headers["cookie"] ?? "";
    return typeof value === "string" ? value : value.join("; ");
  };
  await (await manager.request(`${url}/echo`, options)).bytes();
  const byRequest = header();
  await (await manager.fetch(`${url}/echo`, options as unknown as RequestInit)).bytes();
  assert.equal(header(), byRequest);
  return byRequest;
}

describe("RFC 6265bis over the wire", () => {
  test("a cookie goes back to its host, and to no other", async () => {
    await using manager = await open();
    await set(manager, a(), "one=1; Path=/", "two=2; Path=/; Domain=fairlead.test");
    assert.equal(await sent(manager, a()), "one=1; two=2");
    assert.equal(await sent(manager, b()), "two=2");
    assert.equal(await sent(manager, other()), "");
  });

  test("5.8.3: longer paths first, then the older", async () => {
    await using manager = await open();
    await set(manager, a(), "root=1; Path=/", "deep=2; Path=/echo", "later=3; Path=/");
    assert.equal(await sent(manager, a()), "deep=2; root=1; later=3");
  });

  test("Secure cookies do not go over http, and http cannot overwrite them", async () => {
    await using manager = await open();
    await set(manager, either("https"), "s=1; Path=/; Secure");
    assert.equal(await sent(manager, either("http")), "");
    await set(manager, either("http"), "s=2; Path=/", "t=3; Path=/; Secure");
    assert.equal(await sent(manager, either("https")), "s=1");
  });

  test("__Host- and __Secure- prefixes hold", async () => {
    await using manager = await open();
    await set(
      manager,
      a(),
      "__Host-a=1; Path=/; Secure",
      "__Host-b=2; Path=/; Secure; Domain=fairlead.test",
      "__Secure-c=3; Path=/",
      "__Secure-d=4; Path=/; Secure",
    );
    assert.equal(await sent(manager, a()), "__Host-a=1; __Secure-d=4");
  });

  test("SameSite is judged by the site for cookies that the request names", async () => {
    await using manager = await open();
    await set(
      manager,
      a(),
      "strict=1; Path=/; SameSite=Strict",
      "lax=2; Path=/; SameSite=Lax",
      "none=3; Path=/; SameSite=None; Secure",
    );
    assert.equal(await sent(manager, a()), "strict=1; lax=2; none=3");
    assert.equal(await sent(manager, a(), { siteForCookies: new URL(b()) }), "strict=1; lax=2; none=3");
    const siteForCookies = new URL(other());
    assert.equal(await sent(manager, a(), { siteForCookies }), "none=3");
    assert.equal(await sent(manager, a(), { siteForCookies, topLevelNavigation: true }), "lax=2; none=3");
    assert.equal(await sent(manager, a(), { siteForCookies, topLevelNavigation: true, method: "POST" }), "none=3");
  });

  test("a public suffix takes no cookie", async () => {
    await using manager = await open();
    await set(manager, a(), "x=1; Path=/; Domain=test");
    assert.equal(await sent(manager, b()), "");
  });
});

describe("through redirects", () => {
  test("the Cookie field is made anew from the jar for each hop", async () => {
    await using manager = await open();
    await set(manager, a(), "a=1; Path=/");
    await set(manager, other(), "o=2; Path=/");
    const url = `${a()}/redirect/302?to=${encodeURIComponent(`${other()}/echo`)}`;
    await (await manager.request(url)).bytes();
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], "o=2");
    await (await manager.fetch(url)).bytes();
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], "o=2");
  });
});

describe("the application's word", () => {
  test("a Cookie field of its own takes the jar's place", async () => {
    await using manager = await open();
    await set(manager, a(), "jar=1; Path=/");
    assert.equal(await sent(manager, a(), { headers: { Cookie: "own=2" } }), "own=2");
  });

  test("without cookies none is sent, and none is kept", async () => {
    await using manager = await open();
    await set(manager, a(), "jar=1; Path=/");
    await (await manager.request(`${a()}/echo`, { cookies: false })).bytes();
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], undefined);
    await (await manager.fetch(`${a()}/cookies/set-raw?value=n%3D1`, { credentials: "omit" })).bytes();
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], undefined);
    assert.equal(await sent(manager, a()), "jar=1");

    await using without = await open({ cookies: false });
    await set(without, a(), "jar=1; Path=/");
    assert.equal(await sent(without, a()), "");
  });
});

test("cookies with an expiry outlive the process, session cookies do not", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    const url = `sqlite:${join(directory, "store.db")}`;
    {
      await using manager = await open({ store: url });
      await set(manager, a(), "kept=1; Path=/; Max-Age=60", "session=2; Path=/", "gone=3; Path=/; Max-Age=60");
      await set(manager, a(), "gone=; Path=/; Max-Age=0");
    }
    await using manager = await open({ store: url });
    assert.equal(await sent(manager, a()), "kept=1");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("an unverified peer neither gets the store's cookies nor adds to them", async () => {
  await using store = await openStore("memory:");
  await using manager = await open({ store });
  await set(manager, a(), "secret=1; Path=/; Max-Age=60");
  const trust = { type: "anchors", certificates: [] } as const;
  await using careless = await open({ store, tls: { dangerous: { acceptAnyCertificate: true }, trust } });
  assert.equal(await sent(careless, a()), "");
  await set(careless, a(), "planted=2; Path=/; Max-Age=60");
  assert.equal(await sent(careless, a()), "planted=2");
  await using later = await open({ store });
  assert.equal(await sent(later, a()), "secret=1");
});

test("two managers of one store do not share what is in memory only", async () => {
  await using store = await openStore("memory:");
  await using first = await open({ store });
  await set(first, a(), "session=1; Path=/");
  await using second = await open({ store });
  assert.equal(await sent(second, a()), "");
});
