import assert from "node:assert/strict";
import {
  brotliDecompressSync,
  constants,
  createGunzip,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { compressionFamily, plainText } from "../../src/endpoints/compression.ts";
import type { RawResponse } from "../raw-client.ts";
import { type Check, describeFamily } from "./describe-family.ts";

type Decode = (bytes: Buffer) => Buffer;

describeFamily(compressionFamily, {
  "/compress/gzip": decodes("gzip", gunzipSync),
  "/compress/deflate": decodes("deflate", inflateSync),
  "/compress/br": decodes("br", brotliDecompressSync),
  "/compress/zstd": decodes("zstd", zstdDecompressSync),
  "/compress/wrong/gzip": isPlain("gzip"),
  "/compress/wrong/deflate": isPlain("deflate"),
  "/compress/wrong/br": isPlain("br"),
  "/compress/wrong/zstd": isPlain("zstd"),
  "/compress/truncated/gzip": isHalf("gzip", gunzipSync),
  "/compress/truncated/deflate": isHalf("deflate", inflateSync),
  "/compress/truncated/br": isHalf("br", brotliDecompressSync),
  "/compress/truncated/zstd": isHalf("zstd", zstdDecompressSync),
  "/compress/identity": async ({ get }) => {
    const response = await get("/compress/identity");
    assert.deepEqual(response.field("content-encoding"), []);
    assert.equal(response.body, plainText);
  },
  "/compress/deflate-raw": async ({ get }) => {
    const response = await get("/compress/deflate-raw");
    assert.deepEqual(response.field("content-encoding"), ["deflate"]);
    assert.equal(inflateRawSync(bytesOf(response)).toString(), plainText);
    assert.throws(() => inflateSync(bytesOf(response)));
  },
  "/compress/stacked": async ({ get }) => {
    const response = await get("/compress/stacked");
    assert.deepEqual(response.field("content-encoding"), ["gzip, br"]);
    assert.equal(gunzipSync(brotliDecompressSync(bytesOf(response))).toString(), plainText);
  },
  "/compress/members": async ({ get }) => {
    const bytes = bytesOf(await get("/compress/members"));
    assert.equal(gunzipSync(bytes).toString(), plainText);
    assert.ok(bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]), 1) > 0, "a second member begins");
  },
  "/compress/unknown": async ({ get }) => {
    const response = await get("/compress/unknown");
    assert.deepEqual(response.field("content-encoding"), ["x-fairlead"]);
    assert.equal(response.body, plainText);
  },
  "/compress/bomb?mebibytes=10": async ({ get }) => {
    const response = await get("/compress/bomb?mebibytes=3");
    assert.ok(response.body.length < 10_000);
    let sizeBytes = 0;
    const gunzip = createGunzip({ finishFlush: constants.Z_FINISH });
    gunzip.end(bytesOf(response));
    for await (const chunk of gunzip as AsyncIterable<Buffer>) sizeBytes += chunk.length;
    assert.equal(sizeBytes, 3 * 1_048_576);
  },
});

function decodes(coding: string, decode: Decode): Check {
  return async ({ get }) => {
    const response = await get(`/compress/${coding}`);
    assert.deepEqual(response.field("content-encoding"), [coding]);
    assert.equal(decode(bytesOf(response)).toString(), plainText);
  };
}

function isPlain(coding: string): Check {
  return async ({ get }) => {
    const response = await get(`/compress/wrong/${coding}`);
    assert.deepEqual(response.field("content-encoding"), [coding]);
    assert.equal(response.body, plainText);
  };
}

function isHalf(coding: string, decode: Decode): Check {
  return async ({ get }) => {
    const response = await get(`/compress/truncated/${coding}`);
    assert.deepEqual(response.field("content-length"), [`${response.body.length}`]);
    assert.throws(() => decode(bytesOf(response)));
    const whole = await get(`/compress/${coding}`);
    assert.equal(response.body, whole.body.slice(0, whole.body.length >> 1));
  };
}

function bytesOf({ body }: RawResponse): Buffer {
  return Buffer.from(body, "latin1");
}
