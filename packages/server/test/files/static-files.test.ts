import assert from "node:assert/strict";
import { mkdir, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { staticFiles } from "../../src/files/index.ts";
import { ask, one, temporaryDirectory } from "./served.ts";

/** A tag that does not hang on when the test runs. */
const etag = (): string => '"v1"';
const text = "0123456789".repeat(20);
const modified = new Date("2026-01-02T03:04:05.678Z");
const root = await temporaryDirectory({ after });

before(async () => {
  await mkdir(join(root, "docs", "empty"), { recursive: true });
  await mkdir(join(root, ".well-known"));
  for (const [name, content] of [
    ["a.txt", text],
    ["none", ""],
    ["unknown.blob-of-ours", "?"],
    ["docs/index.html", "<p>docs"],
    ["docs/a b%c.json", "{}"],
    [".env", "SECRET=1"],
    [".well-known/security.txt", "Contact: a"],
    ["large.bin", "x".repeat(300_000)],
    ["app.js", "let a"],
    ["app.js.br", "coded with br"],
    ["app.js.gz", "coded with gzip"],
    ["old.css", "new text"],
    ["old.css.gz", "old text, coded"],
  ] as const) {
    await writeFile(join(root, name), content);
    await utimes(join(root, name), modified, modified);
  }
  await utimes(join(root, "old.css.gz"), modified, new Date("2026-01-01T00:00:00Z"));
});

describe("a file", () => {
  test("is sent with its type, length and validators, and not sniffed", async () => {
    const answer = await ask(staticFiles({ root, etag }), "/a.txt");
    assert.deepEqual([answer.status, answer.content], [200, text]);
    assert.equal(one(answer, "content-type"), "text/plain;charset=utf-8");
    assert.equal(one(answer, "etag"), '"v1"');
    assert.equal(one(answer, "x-content-type-options"), "nosniff");
    assert.equal(one(answer, "accept-ranges"), "bytes");
    assert.equal(one(answer, "cache-control"), "no-cache");
    assert.equal(one(answer, "vary"), undefined);
  });

  test("is dated, and has a strong tag, once it has rested: two changes within a second could not be told", async (t) => {
    const { ctimeMs } = await stat(join(root, "a.txt"));
    t.mock.timers.enable({ apis: ["Date"], now: ctimeMs + 1_500 });
    const fresh = await ask(staticFiles({ root }), "/a.txt");
    assert.equal(one(fresh, "last-modified"), undefined);
    assert.match(one(fresh, "etag") ?? "", /^W\/"/);
    t.mock.timers.tick(1_000);
    const rested = await ask(staticFiles({ root }), "/a.txt");
    assert.equal(one(rested, "last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
    assert.match(one(rested, "etag") ?? "", /^"/);
    const again = { "if-none-match": one(rested, "etag") ?? "" };
    assert.equal((await ask(staticFiles({ root }), "/a.txt", again)).status, 304);
  });

  test("has by HEAD the fields of GET and no content", async () => {
    for (const path of ["/a.txt", "/large.bin", "/none"]) {
      const handler = staticFiles({ root, etag });
      const got = await ask(handler, path);
      const head = await ask(handler, path, {}, { method: "HEAD" });
      assert.deepEqual([head.status, head.content], [200, ""]);
      const length = String(got.content.length);
      assert.deepEqual(
        head.fields.join("\n"),
        [...got.fields, ...(one(got, "content-length") ? [] : ["content-length", length])].join("\n"),
      );
    }
  });

  test("is named by a path that is decoded once", async () => {
    assert.equal((await ask(staticFiles({ root }), "/docs/a%20b%25c.json")).content, "{}");
    assert.equal((await ask(staticFiles({ root }), "/docs/a%20b%2525c.json")).status, 404);
  });

  test("may be empty, large or of an unknown type", async () => {
    const handler = staticFiles({ root: pathToFileURL(root) });
    assert.deepEqual([(await ask(handler, "/none")).status, (await ask(handler, "/none")).content], [200, ""]);
    const large = await ask(handler, "/large.bin");
    assert.deepEqual([large.content.length, one(large, "content-length")], [300_000, "300000"]);
    assert.equal(one(await ask(handler, "/unknown.blob-of-ours"), "content-type"), "application/octet-stream");
  });

  test("is not there with a slash behind it, nor where there is none", async () => {
    for (const path of ["/a.txt/", "/b.txt", "/a.txt/b", "/docs/nothing/at/all", `/${"a".repeat(5_000)}`, "/empty"]) {
      const answer = await ask(staticFiles({ root }), path);
      assert.deepEqual([answer.status, answer.errors], [404, []], path);
    }
  });

  test("is for GET and HEAD, and for others when something else answers them", async () => {
    const refused = await ask(staticFiles({ root }), "/a.txt", {}, { method: "POST" });
    assert.deepEqual([refused.status, one(refused, "allow")], [405, "GET, HEAD"]);
    const handler = staticFiles({ root, otherwise: ({ method }) => new Response(method, { status: 201 }) });
    assert.equal((await ask(handler, "/a.txt", {}, { method: "POST" })).content, "POST");
    assert.equal((await ask(handler, "/b.txt")).status, 201);
  });

  test("has the fields that options say", async () => {
    const handler = staticFiles({
      root,
      prefix: "/assets",
      cacheControl: (name) => (name === "a.txt" ? "max-age=60" : undefined),
      mediaType: (name) => (name === "a.txt" ? "text/x-own" : undefined),
      etag: ({ size }, name) => `"${name}-${size}"`,
    });
    const answer = await ask(handler, "/assets/a.txt");
    assert.equal(one(answer, "cache-control"), "max-age=60");
    assert.equal(one(answer, "content-type"), "text/x-own");
    assert.equal(one(answer, "etag"), '"a.txt-200"');
    const other = await ask(handler, "/assets/app.js");
    assert.deepEqual(
      [one(other, "cache-control"), one(other, "content-type")],
      [undefined, "text/javascript;charset=utf-8"],
    );
    for (const path of ["/a.txt", "/assetsa.txt", "/other/a.txt"])
      assert.equal((await ask(handler, path)).status, 404, path);
  });

  test("is served of a Request that somebody else made, as Hono makes for a mounted handler", async () => {
    const handler = staticFiles({ root });
    const context = undefined as never;
    const response = await handler(
      new Request("http://a.example/docs/../a.txt?b", { headers: { range: "bytes=0-2" } }),
      context,
    );
    assert.deepEqual([response.status, await response.text()], [206, "012"]);
  });

  test("that is no directory is no root", () => {
    assert.throws(() => staticFiles({ root: join(root, "nowhere") }), { code: "FILE_NOT_FOUND" });
    assert.throws(() => staticFiles({ root: join(root, "a.txt") }), { code: "FILE_NOT_FOUND" });
  });
});

describe("a directory", () => {
  test("is its index, at a path with a slash", async () => {
    const handler = staticFiles({ root });
    assert.equal((await ask(handler, "/docs/")).content, "<p>docs");
    const redirect = await ask(handler, "/docs?a=1&b=?");
    assert.deepEqual([redirect.status, one(redirect, "location")], [308, "./docs/?a=1&b=?"]);
  });

  test("is not there without an index, at either path", async () => {
    const handler = staticFiles({ root });
    for (const path of ["/", "/docs/empty", "/docs/empty/"]) assert.equal((await ask(handler, path)).status, 404, path);
    assert.equal((await ask(staticFiles({ root, index: false }), "/docs/")).status, 404);
    assert.equal((await ask(staticFiles({ root, index: "a b%c.json" }), "/docs/")).content, "{}");
  });

  test("is listed on demand, with what would be served and nothing else", async () => {
    await symlink("/etc/passwd", join(root, "docs", "empty", "out"));
    await symlink("../../a.txt", join(root, "docs", "empty", "in"));
    const handler = staticFiles({ root, listing: true });
    const links = async (path: string): Promise<string> => {
      const { content } = await ask(handler, path);
      return [...content.matchAll(/href="(.*?)"/g)].map(([, href]) => href).join(" ");
    };
    assert.equal(await links("/docs/empty/"), "../ ./in");
    assert.match(await links("/"), /^\.\/docs\/ \.\/a\.txt /);
    assert.doesNotMatch(await links("/"), /\.env|well-known/);
    assert.equal((await ask(handler, "/docs/empty")).status, 308);
    assert.equal((await ask(handler, "/docs/")).content, "<p>docs");
    assert.match(one(await ask(handler, "/"), "content-security-policy") ?? "", /default-src 'none'/);
  });
});

describe("a conditional request", () => {
  const handler = (): ReturnType<typeof staticFiles> => staticFiles({ root, etag });

  test("of the version that is there is 304, with what a cache keeps and nothing else", async () => {
    const answer = await ask(handler(), "/a.txt", { "if-none-match": 'W/"v1", "v0"' });
    assert.deepEqual([answer.status, answer.content], [304, ""]);
    assert.deepEqual(answer.fields, ["cache-control", "no-cache", "etag", '"v1"']);
  });

  test("of another version is 200, and 412 where the client insists", async () => {
    assert.equal((await ask(handler(), "/a.txt", { "if-none-match": '"v0"' })).status, 200);
    assert.equal((await ask(handler(), "/a.txt", { "if-match": '"v0"' })).status, 412);
    assert.equal((await ask(handler(), "/a.txt", { "if-match": '"v1"' })).status, 200);
  });

  test("of nothing is 404", async () => {
    assert.equal((await ask(handler(), "/b.txt", { "if-match": "*" })).status, 404);
  });
});

describe("a range", () => {
  const handler = (): ReturnType<typeof staticFiles> => staticFiles({ root, etag });

  test("of a file, small or large, is 206", async () => {
    const answer = await ask(handler(), "/a.txt", { range: "bytes=5-12" });
    assert.deepEqual([answer.status, answer.content], [206, "56789012"]);
    assert.deepEqual([one(answer, "content-range"), one(answer, "content-length")], ["bytes 5-12/200", "8"]);
    const large = await ask(handler(), "/large.bin", { range: "bytes=-200000" });
    assert.deepEqual([large.content.length, one(large, "content-range")], [200_000, "bytes 100000-299999/300000"]);
  });

  test("that is not there is 416", async () => {
    const answer = await ask(handler(), "/a.txt", { range: "bytes=200-" });
    assert.deepEqual([answer.status, one(answer, "content-range")], [416, "bytes */200"]);
  });

  test("with If-Range of another version, and by HEAD, is the whole", async () => {
    assert.equal((await ask(handler(), "/a.txt", { range: "bytes=0-1", "if-range": '"v0"' })).content, text);
    assert.equal((await ask(handler(), "/a.txt", { range: "bytes=0-1", "if-range": '"v1"' })).content, "01");
    assert.equal((await ask(handler(), "/a.txt", { range: "bytes=0-1" }, { method: "HEAD" })).status, 200);
  });

  test("of several parts is multipart, and as long as it says", async () => {
    const answer = await ask(handler(), "/large.bin", { range: "bytes=0-4,-3,1000-201000" });
    const boundary =
      /^multipart\/byteranges; boundary=([\w-]+)$/.exec(one(answer, "content-type") ?? "")?.[1] ?? "none";
    const parts = answer.content.split(`--${boundary}`);
    assert.deepEqual(
      parts
        .slice(1, -1)
        .map((part) => [/bytes .*(?=\r)/.exec(part)?.[0], (part.split("\r\n\r\n")[1] ?? "").length - 2]),
      [
        ["bytes 0-4/300000", 5],
        ["bytes 299997-299999/300000", 3],
        ["bytes 1000-201000/300000", 200_001],
      ],
    );
    assert.equal(parts.at(-1), "--\r\n");
    assert.equal(one(answer, "content-length"), String(answer.content.length));
    const again = await ask(handler(), "/large.bin", { range: "bytes=0-4,-3" });
    assert.notEqual(one(again, "content-type"), one(answer, "content-type"), "the boundary cannot be guessed");
  });
});

describe("a file that was coded beforehand", () => {
  const handler = (): ReturnType<typeof staticFiles> => staticFiles({ root, precompressed: true });

  test("is sent to who takes it, as another representation of the same type", async () => {
    const answer = await ask(handler(), "/app.js", { "accept-encoding": "gzip, br" });
    assert.deepEqual([answer.content, one(answer, "content-encoding")], ["coded with br", "br"]);
    assert.equal(one(answer, "content-type"), "text/javascript;charset=utf-8");
    assert.equal(one(answer, "vary"), "accept-encoding");
    assert.equal(
      (await ask(handler(), "/app.js", { "accept-encoding": "gzip;q=0.5, zstd" })).content,
      "coded with gzip",
    );
    const plain = await ask(handler(), "/app.js");
    assert.deepEqual(
      [plain.content, one(plain, "content-encoding"), one(plain, "vary")],
      ["let a", undefined, "accept-encoding"],
    );
    assert.notEqual(one(plain, "etag"), one(answer, "etag"));
  });

  test("is sent by ranges of its own bytes", async () => {
    const answer = await ask(handler(), "/app.js", { "accept-encoding": "br", range: "bytes=0-4" });
    assert.deepEqual([answer.content, one(answer, "content-range")], ["coded", "bytes 0-4/13"]);
  });

  test("is left where it is older than the file, not there or refused", async () => {
    assert.equal((await ask(handler(), "/old.css", { "accept-encoding": "gzip" })).content, "new text");
    assert.equal((await ask(handler(), "/a.txt", { "accept-encoding": "br, gzip, zstd" })).content, text);
    assert.equal((await ask(handler(), "/app.js", { "accept-encoding": "*;q=0" })).content, "let a");
  });
});
