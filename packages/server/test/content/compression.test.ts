import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { brotliDecompress, createGunzip, gunzip, zstdDecompress } from "node:zlib";
import { compression } from "../../src/content/index.ts";
import type { CompressionOptions } from "../../src/content/index.ts";
import { LeanResponse, responseParts } from "../../src/fetch/index.ts";
import type { BodySource } from "../../src/index.ts";

const text = "Ships lie at a fairlead. ".repeat(400);
const html = ["content-type", "text/html"];
const undo = { br: promisify(brotliDecompress), gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

async function compressed(
  response: Response,
  acceptEncoding = "br",
  options: CompressionOptions = {},
  method = "GET",
  fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = { "accept-encoding": acceptEncoding, ...fields };
  const request = new Request("http://a.example/", { method, headers });
  // The hook looks at the request only.
  const result = await compression(options).response?.(response, request, undefined as never);
  assert.ok(result);
  return result;
}

/** Content whose pieces come when the test says so. */
function manual(
  length?: number,
): BodySource & { give: (piece: string | Error | undefined) => void; cancelled: unknown[] } {
  const waiting: ((piece: Promise<Uint8Array | undefined>) => void)[] = [];
  const cancelled: unknown[] = [];
  return {
    length,
    trailers: ["x-end", "1"],
    cancelled,
    read: () => new Promise((resolve) => waiting.push(resolve)),
    cancel: (reason) => cancelled.push(reason),
    give: (piece) => {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : undefined;
      waiting.shift()?.(piece instanceof Error ? Promise.reject(piece) : Promise.resolve(bytes));
    },
  };
}

describe("compression", { timeout: 60_000 }, () => {
  for (const coding of ["br", "gzip", "zstd"] as const) {
    test(`gives ${coding} of content that is there, and of content that comes by and by`, async () => {
      const whole = await compressed(new LeanResponse(text, { fields: html }), coding);
      assert.equal(whole.headers.get("content-encoding"), coding);
      const bytes = await whole.bytes();
      assert.ok(bytes.length < text.length / 20);
      assert.equal((await undo[coding](bytes)).toString(), text);
      const pieces = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < text.length; at += 1_000) controller.enqueue(Buffer.from(text.slice(at, at + 1_000)));
          controller.close();
        },
      });
      const streamed = await compressed(new Response(pieces, { headers: { "content-type": "text/html" } }), coding);
      assert.equal((await undo[coding](await streamed.bytes())).toString(), text);
    });
  }

  test("says what it did: Vary, a weak tag, no length and no ranges", async () => {
    const fields = [
      ...html,
      "etag",
      '"a"',
      "accept-ranges",
      "bytes",
      "content-length",
      String(text.length),
      "vary",
      "origin",
      "set-cookie",
      "a=1",
      "set-cookie",
      "b=2",
    ];
    const response = await compressed(new LeanResponse(text, { status: 201, fields }));
    const { status, fields: sent } = responseParts(response);
    assert.equal(status, 201);
    assert.deepEqual(sent, [
      ...html,
      "set-cookie",
      "a=1",
      "set-cookie",
      "b=2",
      "vary",
      "origin, accept-encoding",
      "content-encoding",
      "br",
      "etag",
      'W/"a"',
    ]);
  });

  test("leaves what it does not compress as it is, and tells caches where it might have", async () => {
    const image = new LeanResponse(text, { fields: ["content-type", "image/png", "etag", '"a"'] });
    assert.deepEqual(responseParts(await compressed(image)).fields, ["content-type", "image/png", "etag", '"a"']);
    const refused = responseParts(await compressed(new LeanResponse(text, { fields: html }), "identity"));
    assert.deepEqual([refused.fields, refused.content], [[...html, "vary", "accept-encoding"], text]);
    const redirect = await compressed(Response.redirect("http://a.example/b", 302));
    assert.deepEqual([redirect.status, redirect.headers.get("location")], [302, "http://a.example/b"]);
  });

  test("offers what the options say, from the length that they say, of the types that they say", async () => {
    const options: CompressionOptions = {
      codings: ["gzip"],
      minimumBytes: 3,
      isCompressible: (type) => type === "a/b",
    };
    const response = await compressed(
      new LeanResponse("abc", { fields: ["content-type", "a/b"] }),
      "br, gzip",
      options,
    );
    assert.equal((await undo.gzip(await response.bytes())).toString(), "abc");
    const short = await compressed(new LeanResponse("ab", { fields: ["content-type", "a/b"] }), "gzip", options);
    assert.equal(await short.text(), "ab");
    assert.throws(() => compression({ codings: ["deflate" as never] }), { code: "OPTION_INVALID" });
  });

  test("counts octets, not characters", async () => {
    const response = await compressed(new LeanResponse("\u20ac".repeat(400), { fields: html }));
    assert.equal(response.headers.get("content-encoding"), "br");
  });

  test("answers HEAD with the fields of GET, and compresses nothing", async () => {
    const source = manual(5_000);
    const response = await compressed(new LeanResponse(source, { fields: html }), "br", {}, "HEAD");
    assert.equal(response.headers.get("content-encoding"), "br");
    assert.equal(source.cancelled.length, 1);
    const { content } = responseParts(response);
    assert.ok(typeof content === "object" && content.length === undefined);
  });

  test("gives the tag of the compressed form in a 304 to who has that one", async () => {
    const answer = new LeanResponse(null, { status: 304, fields: ["etag", '"a"'] });
    const response = await compressed(answer, "br", {}, "GET", { "if-none-match": 'W/"a"' });
    assert.deepEqual([response.status, response.headers.get("etag")], [304, 'W/"a"']);
  });

  test("does not hold back what has come when no more comes for the moment", async () => {
    const source = manual();
    const { content } = responseParts(await compressed(new LeanResponse(source, { fields: html }), "gzip"));
    assert.ok(typeof content === "object" && !(content instanceof Uint8Array));
    const decoder = createGunzip();
    const arrived = new Promise<string>((resolve) => decoder.on("data", (bytes: Buffer) => resolve(bytes.toString())));
    const reading = (async () => {
      for (let piece = await content.read(); piece !== undefined; piece = await content.read()) decoder.write(piece);
    })();
    source.give("now");
    assert.equal(await arrived, "now");
    source.give(undefined);
    await reading;
    assert.deepEqual(content.trailers, ["x-end", "1"]);
  });

  test("passes on why content does not come to its end", async () => {
    const source = manual();
    const { content } = responseParts(await compressed(new LeanResponse(source, { fields: html })));
    assert.ok(typeof content === "object" && !(content instanceof Uint8Array));
    const reading = content.read();
    source.give(new Error("the disk is gone"));
    await assert.rejects(reading, /the disk is gone/);
  });

  test("gives up its source with whoever wanted the answer", async () => {
    const source = manual();
    const { content } = responseParts(await compressed(new LeanResponse(source, { fields: html })));
    assert.ok(typeof content === "object" && !(content instanceof Uint8Array));
    const reading = content.read();
    content.cancel("gone");
    assert.equal(await reading, undefined);
    assert.deepEqual(source.cancelled, ["gone"]);
    source.give("too late");
    assert.equal(await content.read(), undefined);
  });

  test("takes no more of its source than a slow reader takes of it", async () => {
    const noise = randomBytes(65_536);
    let reads = 0;
    const source: BodySource = {
      length: undefined,
      trailers: [],
      cancel: () => undefined,
      read: () => {
        reads += 1;
        return Promise.resolve(noise);
      },
    };
    const { content } = responseParts(await compressed(new LeanResponse(source, { fields: html }), "gzip"));
    assert.ok(typeof content === "object" && !(content instanceof Uint8Array));
    await content.read();
    // As long as anything goes on by itself, the count grows.
    for (let before = -1, still = 0; still < 200; still = reads === before ? still + 1 : 0) {
      before = reads;
      await new Promise(setImmediate);
    }
    assert.ok(reads < 10, `${reads} pieces were taken`);
    content.cancel();
  });
});
