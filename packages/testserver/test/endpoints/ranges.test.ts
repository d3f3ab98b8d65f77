import assert from "node:assert/strict";
import { patternBytes } from "../../src/endpoints/payloads.ts";
import { rangeFamily } from "../../src/endpoints/ranges.ts";
import { describeFamily } from "./describe-family.ts";

const bytes = (first: number, last: number): string => patternBytes(last - first + 1, first).toString("latin1");

describeFamily(rangeFamily, {
  "/ranges/:size": async ({ get }) => {
    const whole = await get("/ranges/1000");
    assert.deepEqual([whole.status, whole.body, whole.field("etag")], [200, bytes(0, 999), ['"1000"']]);
    const suffix = await get("/ranges/1000", ["Range: bytes=-10"]);
    assert.deepEqual([suffix.status, suffix.body], [206, bytes(990, 999)]);
    assert.deepEqual(suffix.field("content-range"), ["bytes 990-999/1000"]);

    const several = await get("/ranges/1000", ["Range: bytes=0-9, 500-509"]);
    const [, boundary = ""] =
      /^multipart\/byteranges; boundary=(\w+)$/.exec(several.field("content-type")[0] ?? "") ?? [];
    const part = (first: number, last: number): string =>
      `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${first}-${last}/1000\r\n\r\n` +
      `${bytes(first, last)}\r\n`;
    assert.equal(several.body, `${part(0, 9)}${part(500, 509)}--${boundary}--\r\n`);
    assert.equal(several.status, 206);

    const beyond = await get("/ranges/1000", ["Range: bytes=1000-"]);
    assert.deepEqual([beyond.status, beyond.field("content-range")], [416, ["bytes */1000"]]);
    for (const [field, status] of [
      ['If-Range: "1000"', 206],
      ['If-Range: "999"', 200],
      ["If-Range: Thu, 01 Jan 2026 00:00:00 GMT", 206],
      ["If-Range: Fri, 02 Jan 2026 00:00:00 GMT", 200],
      ['If-None-Match: "1000"', 304],
      ['If-Match: "999"', 412],
      ["If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT", 304],
      ["If-Unmodified-Since: Wed, 31 Dec 2025 00:00:00 GMT", 412],
    ] as const) {
      assert.equal((await get("/ranges/1000", ["Range: bytes=0-9", field])).status, status, field);
    }
  },
});
