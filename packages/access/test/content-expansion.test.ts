import { isCodedError, PolicyError, UsageError } from "@fairlead/core";
import { openNetworkAccessManager, type NetworkAccessManager, type RequestOptions } from "@fairlead/access";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { randomBytes } from "node:crypto";
import { DEFAULT_EXPANSION, expansionLimit, isBeyond } from "../src/content-expansion.ts";
import { rejection } from "./rejection.ts";

const MEBIBYTE = 1024 * 1024;
const ZEROS = Buffer.alloc(32 * MEBIBYTE);
const gzip = promisify(zlib.gzip);

/** All are far beyond 200 to 1, and most are some kilobytes. */
async function bombs(): Promise<ReadonlyMap<string, readonly [coding: string, body: Buffer]>> {
  const gzipped = await gzip(ZEROS);
  const member = await gzip(Buffer.alloc(2 * MEBIBYTE));
  const nothing = zlib.gzipSync("");
  return new Map<string, readonly [string, Buffer]>([
    ["gzip", ["gzip", gzipped]],
    ["x-gzip", ["x-gzip", gzipped]],
    ["deflate", ["deflate", zlib.deflateSync(ZEROS)]],
    ["bare deflate", ["deflate", zlib.deflateRawSync(ZEROS)]],
    ["br", ["br", zlib.brotliCompressSync(ZEROS, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 } })]],
    ["zstd", ["zstd", zlib.zstdCompressSync(ZEROS)]],
    ["gzip in gzip", ["gzip, gzip", await gzip(gzipped)]],
    ["gzip in br", ["gzip, br", zlib.brotliCompressSync(gzipped)]],
    ["many members", ["gzip", Buffer.concat(Array.from({ length: 16 }, () => member))]],
    ["with garbage after it", ["gzip", Buffer.concat([gzipped, Buffer.from("garbage")])]],
    // Nothing ever comes out of the last link; the one before it makes 16 MiB of 16 KiB.
    [
      "one that the next coding shrinks again",
      ["gzip, gzip", await gzip(Buffer.concat(Array(800_000).fill(nothing) as Buffer[]))],
    ],
  ]);
}

describe("a body that grows out of all proportion", () => {
  let all: Awaited<ReturnType<typeof bombs>> = new Map();
  const honest = randomBytes(9_000).toString("hex").repeat(800);
  const server: Server = createServer(({ url = "" }, response) => {
    const name = decodeURIComponent(url.slice(1));
    const [coding, body] = all.get(name) ?? ["gzip", zlib.gzipSync(name === "honest" ? honest : "x")];
    response.writeHead(200, { "content-encoding": coding, "cache-control": "no-store" }).end(body);
  });
  let origin = "";
  before(async () => {
    all = await bombs();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const ways: readonly (readonly [string, (manager: NetworkAccessManager, url: string) => Promise<unknown>])[] = [
    ["bytes()", async (manager, url) => (await manager.request(url)).bytes()],
    [
      "stream()",
      async (manager, url) => {
        let length = 0;
        for await (const chunk of await manager.request(url)) {
          length += chunk.length;
          assert.ok(length <= 10 * MEBIBYTE + 64 * 1024, `${String(length)} bytes were handed out`);
        }
      },
    ],
    ["fetch", async (manager, url) => (await manager.fetch(url)).arrayBuffer()],
    [
      "fetch's stream",
      async (manager, url) => {
        const { body } = await manager.fetch(url);
        for await (const chunk of body ?? []) assert.ok(chunk);
      },
    ],
  ];
  const names = [
    ...["gzip", "x-gzip", "deflate", "bare deflate", "br", "zstd", "gzip in gzip", "gzip in br", "many members"],
    ...["with garbage after it", "one that the next coding shrinks again"],
  ];
  for (const name of names) {
    test(`ends by name: ${name}`, async () => {
      await using manager = await openNetworkAccessManager({ proxy: "none" });
      const url = `${origin}/${encodeURIComponent(name)}`;
      for (const [way, read] of ways) {
        const error = await rejection(read(manager, url), Error);
        assert.ok(isCodedError(error), `${way}: ${String(error)}`);
        assert.equal(error.code, "CONTENT_EXPANSION_LIMIT", way);
        assert.equal(error.peer, origin.slice("http://".length));
        assert.match(error.message, /limit 200 to 1/);
      }
    });
  }

  test("is handed out no further than to the limit", async () => {
    await using manager = await openNetworkAccessManager({ proxy: "none" });
    const reply = await manager.request(`${origin}/gzip`);
    await rejection(reply.bytes(), PolicyError);
    const [hop] = reply.transaction.hops;
    assert.ok((hop?.decodedBytes ?? Infinity) <= 10 * MEBIBYTE, String(hop?.decodedBytes));
  });

  test("a slow reader holds the decoder back", async () => {
    await using manager = await openNetworkAccessManager({ proxy: "none", contentExpansion: { ratio: Infinity } });
    for (const name of ["gzip", "br", "zstd", "gzip in gzip", "many members"]) {
      const reply = await manager.request(`${origin}/${encodeURIComponent(name)}`);
      const stream = reply.stream();
      await once(stream, "readable");
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const { decodedBytes = 0 } = reply.transaction.hops[0] ?? {};
      assert.ok(decodedBytes <= MEBIBYTE, `${name}: ${String(decodedBytes)} bytes were decoded that nobody reads`);
      stream.destroy();
    }
  });

  test("passes where the manager or the request allows it, and the wire's bytes always do", async () => {
    const url = `${origin}/gzip`;
    const length = async (manager: NetworkAccessManager, options?: RequestOptions): Promise<number> =>
      (await (await manager.request(url, options)).bytes()).length;
    await using strict = await openNetworkAccessManager({ proxy: "none" });
    await using lax = await openNetworkAccessManager({ proxy: "none", contentExpansion: { ratio: 2_000 } });
    assert.equal(await length(lax), ZEROS.length);
    assert.equal(await length(strict, { contentExpansion: { freeBytes: ZEROS.length } }), ZEROS.length);
    assert.equal(
      (await (await strict.fetch(url, { contentExpansion: { ratio: Infinity } })).bytes()).length,
      ZEROS.length,
    );
    await rejection(length(lax, { contentExpansion: { ratio: 200 } }), PolicyError);
    let wire = 0;
    for await (const chunk of (await strict.request(url)).stream({ decode: false })) wire += (chunk as Buffer).length;
    assert.equal(wire, all.get("gzip")?.[1].length);
  });

  test("is not what text is, whatever its size, nor what is small", async () => {
    await using manager = await openNetworkAccessManager({ proxy: "none" });
    assert.equal(await (await manager.request(`${origin}/honest`)).text(), honest);
    await using picky = await openNetworkAccessManager({ proxy: "none", contentExpansion: { ratio: 1, freeBytes: 1 } });
    assert.equal(await (await picky.request(`${origin}/tiny`)).text(), "x");
  });
});

describe("the limit", () => {
  test("is what is said, and the others' where nothing is", () => {
    assert.deepEqual(expansionLimit(undefined, DEFAULT_EXPANSION), DEFAULT_EXPANSION);
    assert.deepEqual(expansionLimit({ ratio: 3 }, DEFAULT_EXPANSION), { ...DEFAULT_EXPANSION, ratio: 3 });
    assert.deepEqual(expansionLimit({ freeBytes: 3 }, DEFAULT_EXPANSION), { ...DEFAULT_EXPANSION, freeBytes: 3 });
    for (const wrong of [{ ratio: 0.5 }, { ratio: Number.NaN }, { freeBytes: -1 }, { freeBytes: Number.NaN }]) {
      assert.throws(() => expansionLimit(wrong, DEFAULT_EXPANSION), UsageError);
    }
  });

  test("is passed by what is beyond both of its numbers", () => {
    const limit = { ratio: 10, freeBytes: 100 };
    const table: [decoded: number, wire: number, beyond: boolean][] = [
      [100, 0, false],
      [101, 0, true],
      [101, 10, true],
      [100, 10, false],
      [110, 11, false],
      [111, 11, true],
    ];
    for (const [decoded, wire, beyond] of table)
      assert.equal(isBeyond(limit, decoded, wire), beyond, `${String(decoded)} of ${String(wire)}`);
  });
});
