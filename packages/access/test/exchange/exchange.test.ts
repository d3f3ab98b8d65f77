import { StoreError, UsageError } from "@fairlead/core";
import { cookieKey, encodeCookie, type Cookie } from "@fairlead/http/cookies";
import { encodeHstsEntry } from "@fairlead/http/hsts";
import { openStore, type Store } from "@fairlead/store";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { exportMemory, importMemory, openCollection, type ExchangeFormat } from "../../src/memory/index.ts";

const tomorrow = Math.floor(Date.now() / 1000) * 1000 + 86_400_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (octets: Uint8Array): string => new TextDecoder().decode(octets);

const sid: Cookie = {
  name: "sid",
  value: "TOPSECRET",
  domain: "a.example",
  path: "/",
  hostOnly: false,
  secureOnly: true,
  httpOnly: true,
  sameSite: "Default",
  creationTime: tomorrow - 100_000_000,
  expiryTime: tomorrow,
  lastAccessTime: tomorrow - 100_000_000,
};

function keepCookie(store: Store, cookie: Cookie): void {
  const { expiryTime: expiresAt } = cookie;
  openCollection(store, "cookies").set(cookieKey(cookie), bytes(encodeCookie(cookie)), { expiresAt });
}

/** Two hosts, of which one is for ever, a cookie, and a collection of somebody else. */
async function filledStore(): Promise<Store> {
  const store = await openStore("memory:");
  const hosts = openCollection(store, "hsts");
  hosts.set("a.example", encodeHstsEntry({ includeSubDomains: true }), { expiresAt: tomorrow });
  hosts.set("b.example", encodeHstsEntry({ includeSubDomains: false }));
  keepCookie(store, sid);
  store.collection("of-somebody", { maxEntries: 10, secret: false }).set("x", bytes("x"));
  return store;
}

function contents(store: Store, ...names: readonly ("hsts" | "cookies")[]): unknown {
  return names.map((name) =>
    Array.from(openCollection(store, name).entries(), ({ key, value, expiresAt }) => [key, text(value), expiresAt]),
  );
}

describe("export and import of what is remembered", () => {
  test("as JSON gives back all that there was, in its order", async () => {
    await using store = await filledStore();
    const exported = exportMemory(store, { secrets: true });
    assert.partialDeepStrictEqual(exported, { counts: { hsts: 2, cookies: 1 }, omitted: 0 });
    await using other = await openStore("memory:");
    assert.deepEqual(importMemory(other, exported.bytes), { counts: { cookies: 1, hsts: 2 }, omitted: [] });
    assert.deepEqual(contents(other, "hsts", "cookies"), contents(store, "hsts", "cookies"));
    assert.deepEqual(other.collectionNames(), ["cookies", "hsts"]);
  });

  test("as JSON keeps when it was learned; what does not say so is learned now, and nothing in the future", async () => {
    await using store = await openStore("memory:", { now: () => 1_000 });
    const host = encodeHstsEntry({ includeSubDomains: false });
    openCollection(store, "hsts").set("a.example", host);
    openCollection(store, "hsts").set("b.example", host, { writtenAt: 0 });
    const { bytes: file } = exportMemory(store);
    for (const [now, times] of [
      [2_000, [1_000, 2_000]],
      [500, [500, 500]],
    ] as const) {
      await using other = await openStore("memory:", { now: () => now });
      importMemory(other, file, { now: () => now });
      assert.deepEqual(
        Array.from(openCollection(other, "hsts").entries(), ({ writtenAt }) => writtenAt),
        times,
      );
    }
  });

  test("as JSON holds no secret unless it is asked for", async () => {
    await using store = await filledStore();
    const { bytes: page, counts } = exportMemory(store);
    assert.deepEqual(counts, { hsts: 2 });
    assert.doesNotMatch(text(page), /TOPSECRET|sid|cookies|somebody/);
    assert.partialDeepStrictEqual(JSON.parse(text(page)), {
      fairlead: { export: 1 },
      collections: {
        hsts: [
          { key: "a.example", text: '{"includeSubDomains":true}', expires: new Date(tomorrow).toISOString() },
          { key: "b.example" },
        ],
      },
    });
  });

  test("as Netscape cookies and as curl's HSTS cache gives back cookies and hosts", async () => {
    await using store = await filledStore();
    await using other = await openStore("memory:");
    for (const format of ["netscape-cookies", "curl-hsts"] as const) {
      const { bytes: file } = exportMemory(store, { format, secrets: true });
      assert.deepEqual(importMemory(other, file, { format }).omitted, []);
    }
    assert.deepEqual(contents(other, "hsts"), contents(store, "hsts"));
    const [cookie] = openCollection(other, "cookies").entries();
    assert.partialDeepStrictEqual(JSON.parse(text(cookie?.value ?? bytes("{}"))), {
      name: "sid",
      value: "TOPSECRET",
      domain: "a.example",
      expiryTime: tomorrow,
    });
  });

  test("as Netscape cookies needs to be told that these are secrets", async () => {
    await using store = await filledStore();
    assert.throws(() => exportMemory(store, { format: "netscape-cookies" }), {
      name: "UsageError",
      code: "OPTION_INVALID",
      message: /cookies are secrets/,
    });
  });

  test("counts what the format cannot hold", async () => {
    await using store = await filledStore();
    keepCookie(store, { ...sid, name: "", value: "nameless" });
    openCollection(store, "hsts").set("damaged", bytes("damaged"));
    assert.equal(exportMemory(store, { format: "netscape-cookies", secrets: true }).omitted, 1);
    assert.equal(exportMemory(store, { format: "curl-hsts" }).omitted, 1);
    assert.equal(exportMemory(store, { secrets: true }).omitted, 1);
  });

  test("leaves out lines that cannot be, cookies of a session, and what has expired, and says so", async () => {
    await using store = await openStore("memory:");
    const cookies = bytes(
      [
        "# Netscape HTTP Cookie File",
        `.a.example\tTRUE\t/\tTRUE\t${String(tomorrow / 1000)}\tsid\tTOPSECRET`,
        ".com\tTRUE\t/\tTRUE\t0\tsid\tTOPSECRET",
        "a.example\tFALSE\t/\tTRUE\t0\tsession\tTOPSECRET",
      ].join("\n"),
    );
    assert.deepEqual(importMemory(store, cookies, { format: "netscape-cookies" }), {
      counts: { cookies: 1 },
      omitted: [
        { place: "line 3", reason: "public-suffix" },
        { place: "1 cookie", reason: "of a session" },
      ],
    });
    await using filled = await filledStore();
    const later = { now: (): number => tomorrow };
    assert.deepEqual(importMemory(store, exportMemory(filled).bytes, later), {
      counts: { hsts: 1 },
      omitted: [{ place: "hsts[0]", reason: "expired" }],
    });
  });

  const host = { key: "a.example", text: '{"includeSubDomains":true}' };
  for (const [file, detail] of [
    ["", /it is not JSON/],
    ["[1]", /no member fairlead\.export/],
    [{ fairlead: { export: "1" } }, /no member fairlead\.export/],
    [{ fairlead: { export: 2 }, collections: {} }, /version 2 of the form, known is 1/],
    [{ fairlead: { export: 1 } }, /collections is no object/],
    [{ fairlead: { export: 1 }, collections: { hsts: {} } }, /collections\.hsts is no array/],
    [{ fairlead: { export: 1 }, collections: { "TOP SECRET": 1 } }, /collections\[…\] is no array/],
    [{ fairlead: { export: 1 }, collections: { hsts: [host, 1] } }, /collections\.hsts\[1\] is no object/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ ...host, key: 1 }] } }, /hsts\[0\] has no key/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ ...host, key: "\ud800" }] } }, /hsts\[0\] has no key/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ key: "a" }] } }, /neither text nor base64/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ key: "a", base64: "?" }] } }, /neither text nor base64/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ ...host, expires: "soon" }] } }, /expires that is no date/],
    [{ fairlead: { export: 1 }, collections: { hsts: [{ ...host, written: "soon" }] } }, /written that is no date/],
    [{ fairlead: { export: 1 }, collections: { hsts: [host, { ...host, key: "A" }] } }, /hsts\[1\] is none that a/],
    [{ fairlead: { export: 1 }, collections: { hsts: [host, { ...host, text: "TOPSECRET" }] } }, /hsts\[1\] is none/],
    [{ fairlead: { export: 1 }, collections: { hsts: [host], "of-somebody": [] } }, /that no manager keeps/],
  ] as const) {
    const written = typeof file === "string" ? file : JSON.stringify(file);
    test(`of ${written.slice(0, 100)} imports nothing`, async () => {
      await using store = await openStore("memory:");
      assert.throws(
        () => importMemory(store, bytes(written)),
        (error) => {
          assert.ok(error instanceof StoreError && error.code === "IMPORT_INVALID");
          assert.match(error.message, detail);
          assert.doesNotMatch(error.message, /SECRET/);
          return true;
        },
      );
      assert.deepEqual(store.collectionNames(), []);
    });
  }

  test("of a format that there is not is a mistake of the caller", async () => {
    await using store = await openStore("memory:");
    const format = "xml" as ExchangeFormat;
    assert.throws(() => exportMemory(store, { format }), UsageError);
    assert.throws(() => importMemory(store, bytes(""), { format }), UsageError);
  });

  test("of more than 64 MiB is refused unread", async () => {
    await using store = await openStore("memory:");
    const large = new Uint8Array(64 * 1024 * 1024 + 1);
    assert.throws(() => importMemory(store, large, { format: "curl-hsts" }), { code: "IMPORT_INVALID" });
  });

  test("of whatever arrives takes what a manager could have written, or says IMPORT_INVALID", async () => {
    await using filled = await filledStore();
    const sound = text(exportMemory(filled, { secrets: true }).bytes);
    const mutated = fc
      .tuple(fc.nat(sound.length), fc.nat(5), fc.string({ maxLength: 5 }))
      .map(([at, gone, put]) => sound.slice(0, at) + put + sound.slice(at + gone));
    await using store = await openStore("memory:");
    fc.assert(
      fc.property(fc.oneof(fc.string().map(bytes), fc.uint8Array(), mutated.map(bytes)), (file) => {
        try {
          importMemory(store, file);
        } catch (error) {
          assert.ok(error instanceof StoreError && error.code === "IMPORT_INVALID", String(error));
        }
      }),
      { numRuns: 500 },
    );
    assert.equal(exportMemory(store, { secrets: true }).omitted, 0);
  });
});
