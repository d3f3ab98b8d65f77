import { transactionOf, type NetworkAccessManager } from "@fairlead/access";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const origin = (): string => fixture.network.https.origin;

const PLAIN_TEXT = "The quick brown fox jumps over the lazy dog, over and over again.\n".repeat(63).slice(0, 4096);

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

describe("content codings (RFC 9110 section 8.4)", () => {
  const paths = ["gzip", "deflate", "deflate-raw", "br", "zstd", "stacked", "members", "identity"];
  for (const path of paths) {
    test(path, async () => {
      await using manager = await open();
      const url = `${origin()}/compress/${path}`;
      assert.equal(await textOf(manager, url), PLAIN_TEXT);
      assert.equal((await buffer((await manager.request(url)).stream())).toString(), PLAIN_TEXT);
      const { body } = await rawBody(manager, url);
      if (path === "identity") assert.equal(body.toString(), PLAIN_TEXT);
      else assert.ok(body.length < 1_000, "decode: false gives the bytes of the wire");
    });
  }

  test("names in any case, x-gzip, identity among them, several fields", async () => {
    const gzipped = gzipSync("text").toString("latin1");
    const twice = brotliCompressSync(gzipSync("text")).toString("latin1");
    const table: [fields: string[], body: string][] = [
      [["Content-Encoding: GZip"], gzipped],
      [["Content-Encoding: x-gzip"], gzipped],
      [["Content-Encoding: gzip, identity"], gzipped],
      [["Content-Encoding: identity"], "text"],
      [["Content-Encoding:"], "text"],
      [["Content-Encoding: gzip, br"], twice],
      [["Content-Encoding: gzip", "Content-Encoding: br"], twice],
    ];
    await using server = await scriptedServer(
      answering((target) => {
        const [fields = [], body = ""] = table[Number(target.slice(1))] ?? [];
        return response(body, ...fields);
      }),
    );
    await using manager = await open();
    for (const [index, [fields]] of table.entries()) {
      assert.equal(await textOf(manager, `${server.origin}/${String(index)}`), "text", fields.join());
    }
  });

  test("a body without bytes has no coding to undo", async () => {
    for (const coding of ["gzip", "br", "zstd", "deflate", "gzip, br"]) {
      await using server = await scriptedServer(answering(() => response("", `Content-Encoding: ${coding}`)));
      await using manager = await open();
      assert.equal(await textOf(manager, server.origin), "");
      assert.equal((await buffer((await manager.request(server.origin)).stream())).length, 0);
    }
  });

  test("pieces of one byte are as good as the whole", async () => {
    for (const coding of ["gzip", "deflate", "deflate-raw", "br", "zstd"]) {
      await using manager = await open();
      const { body, name } = await rawBody(manager, `${origin()}/compress/${coding}`);
      const chunks = Array.from(body, (byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join("");
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${name}\r\nTransfer-Encoding: chunked\r\n\r\n`;
      await using server = await scriptedServer(answering(() => `${head}${chunks}0\r\n\r\n`));
      assert.equal(await textOf(manager, server.origin), PLAIN_TEXT, coding);
    }
  });

  test("codings are told apart in the transaction: those of the connection, and those of the content", async () => {
    const gzipped = brotliCompressSync(gzipSync("text"));
    const chunk = `${gzipped.length.toString(16)}\r\n${gzipped.toString("latin1")}\r\n0\r\n\r\n`;
    const head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: GZip\r\nContent-Encoding: br\r\nTransfer-Encoding: Chunked\r\n\r\n";
    await using server = await scriptedServer(
      answering((target) => (target === "/plain" ? response("text") : head + chunk)),
    );
    await using manager = await open({ cache: false });
    const ways: readonly [string, () => Promise<object>][] = [
      ["request", (): Promise<object> => manager.request(server.origin)],
      ["fetch", (): Promise<object> => manager.fetch(server.origin)],
    ];
    for (const [way, ask] of ways) {
      const answer = (await ask()) as Response;
      assert.equal(await answer.text(), "text", way);
      const hop = transactionOf(answer)?.hops[0];
      const facts = {
        bodyBytes: gzipped.length,
        decodedBytes: 4,
        transferCodings: ["Chunked"],
        contentCodings: ["GZip", "br"],
      };
      assert.deepEqual({ ...(hop?.toJSON() as object), ...facts }, hop?.toJSON(), way);
    }
    const raw = await manager.request(server.origin);
    assert.equal((await buffer(raw.stream({ decode: false }))).length, gzipped.length);
    assert.equal(raw.transaction.hops[0]?.decodedBytes, undefined, "nobody undid the codings");
    const plain = await manager.request(`${server.origin}/plain`);
    await plain.bytes();
    const [hop] = plain.transaction.hops;
    assert.deepEqual(
      [hop?.bodyBytes, hop?.decodedBytes, hop?.transferCodings, hop?.contentCodings],
      [4, undefined, [], []],
    );
  });

  test("dictionary codings, which nobody asks for, are unknown: refused by request, handed on by fetch", async () => {
    for (const coding of ["dcb", "dcz"]) {
      await using server = await scriptedServer(
        answering(() => response("\xff\x44\x43\x42", `Content-Encoding: ${coding}`)),
      );
      await using manager = await open();
      await assert.rejects(textOf(manager, server.origin), { code: "CONTENT_CODING_INVALID" });
      assert.equal((await (await manager.fetch(server.origin)).bytes()).length, 4);
    }
  });

  async function rawBody(manager: NetworkAccessManager, url: string): Promise<{ body: Buffer; name: string }> {
    const reply = await manager.request(url);
    const name = reply.headers["content-encoding"];
    return { body: await buffer(reply.stream({ decode: false })), name: typeof name === "string" ? name : "" };
  }
});
