import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isCompressibleType } from "../../../src/content/protocol/compressible.ts";
import { decideCompression, notModifiedTag, varyByEncoding } from "../../../src/content/protocol/decide-compression.ts";

describe("what is compressed", () => {
  const rows: readonly (readonly [
    what: string,
    change: {
      readonly status?: number;
      readonly length?: number | undefined;
      readonly fields?: Readonly<Record<string, string>>;
    },
    accept: string | undefined,
    expected: string,
  ])[] = [
    ["text, for who takes it", {}, "gzip, br", "br"],
    ["text, for who takes one", {}, "gzip", "gzip"],
    ["text, for who takes none: another client might", {}, undefined, "vary"],
    ["text, for who refuses all", {}, "identity;q=0", "vary"],
    ["content of unknown length", { length: undefined }, "br", "br"],
    ["an error's page", { status: 404 }, "br", "br"],
    ["what is short", { length: 99 }, "br", "leave"],
    ["what is just long enough", { length: 100 }, "br", "br"],
    ["what has no type", { fields: { "content-type": "" } }, "br", "leave"],
    ["an image", { fields: { "content-type": "image/png" } }, "br", "leave"],
    ["events", { fields: { "content-type": "text/event-stream" } }, "br", "leave"],
    ["what is coded", { fields: { "content-encoding": "gzip" } }, "br", "leave"],
    ["what says that it is not coded", { fields: { "content-encoding": "identity" } }, "br", "br"],
    ["what nobody may change", { fields: { "cache-control": "max-age=1, No-Transform" } }, "br", "leave"],
    ["what is almost so", { fields: { "cache-control": "x-no-transform-y" } }, "br", "br"],
    ["a part", { status: 206 }, "br", "leave"],
    ["a part that does not say so", { fields: { "content-range": "bytes 0-1/2" } }, "br", "leave"],
    ["what has a digest", { fields: { "repr-digest": "sha-256=:AA==:" } }, "br", "leave"],
    ["no content", { status: 204 }, "br", "leave"],
    ["what was not modified", { status: 304 }, "br", "leave"],
  ];
  for (const [what, { status = 200, fields = {}, ...rest }, accept, expected] of rows) {
    test(`${what}: ${expected}`, () => {
      const all: Readonly<Record<string, string>> = { "content-type": "text/html", ...fields };
      const length = "length" in rest ? rest.length : 1_000;
      const facts = { status, length, field: (name: string) => all[name], isCompressible: isCompressibleType };
      const decision = decideCompression(facts, accept, ["br", "gzip"], 100);
      assert.equal(decision.type === "compress" ? decision.coding : decision.type, expected);
    });
  }
});

test("text is compressible, whatever it is called, and what is compressed already is not", () => {
  for (const type of [
    "text/html; charset=utf-8",
    "TEXT/CSS",
    "application/json",
    "application/ld+json",
    "image/svg+xml",
    "font/ttf",
    "application/wasm",
  ]) {
    assert.ok(isCompressibleType(type), type);
  }
  for (const type of [
    "",
    "image/png",
    "video/mp4",
    "application/zip",
    "font/woff2",
    "application/octet-stream",
    "text/event-stream;a=b",
    "application/jsonx",
  ]) {
    assert.ok(!isCompressibleType(type), type);
  }
});

test("Vary names the field once", () => {
  assert.equal(varyByEncoding(undefined), "accept-encoding");
  assert.equal(varyByEncoding("Origin"), "Origin, accept-encoding");
  assert.equal(varyByEncoding("Origin,Accept-Encoding"), "Origin, Accept-Encoding");
  assert.equal(varyByEncoding("*"), "*");
});

test("a 304 has the tag of what the client has", () => {
  assert.equal(notModifiedTag('"a"', '"a", W/"a"'), '"a"');
  assert.equal(notModifiedTag('"a"', '"b", W/"a"'), 'W/"a"');
  assert.equal(notModifiedTag('W/"a"', '"a"'), 'W/"a"');
  assert.equal(notModifiedTag('"a"', "*"), '"a"');
  assert.equal(notModifiedTag('"a"', undefined), '"a"');
});
