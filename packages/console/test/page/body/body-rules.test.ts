import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bodyModes } from "../../../src/page/body/rules/body-modes.ts";
import { readBodyText } from "../../../src/page/body/rules/body-text.ts";
import { hexRow } from "../../../src/page/body/rules/hex-row.ts";
import {
  isBranch,
  type JsonBranch,
  jsonRows,
  type JsonValue,
  readJson,
} from "../../../src/page/body/rules/json-tree.ts";
import { rasterImageType } from "../../../src/page/body/rules/raster-image.ts";
import { textLines } from "../../../src/page/body/rules/text-lines.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("how a body can be looked at", () => {
  test("is told by its first bytes: what is called an image is none for that", () => {
    assert.equal(rasterImageType(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)), "image/png");
    assert.equal(rasterImageType(bytesOf("RIFF0000WEBPVP8 ")), "image/webp");
    assert.equal(rasterImageType(bytesOf("GIF89a")), "image/gif");
    assert.equal(rasterImageType(bytesOf("<svg xmlns='http://www.w3.org/2000/svg'/>")), undefined);
    assert.equal(rasterImageType(new Uint8Array()), undefined);
    assert.deepEqual(bodyModes(bytesOf("<svg onload=alert(1)>"), "image/svg+xml"), ["text", "hex"]);
    assert.deepEqual(bodyModes(bytesOf("GIF89a"), "text/html"), ["image", "hex"]);
  });

  test("is a tree for JSON, text for what looks like it, bytes for all else", () => {
    assert.deepEqual(bodyModes(bytesOf("{}"), "application/problem+json"), ["json", "text", "hex"]);
    assert.deepEqual(bodyModes(bytesOf("a\tb\r\n"), "application/octet-stream"), ["text", "hex"]);
    assert.deepEqual(bodyModes(Uint8Array.of(0, 1, 2), "text/plain"), ["hex", "text"]);
  });
});

describe("text", () => {
  test("is read in the encoding of its mark, then of its charset, then in UTF-8", () => {
    const read = (bytes: readonly number[], type: string) => readBodyText(Uint8Array.from(bytes), type);
    assert.deepEqual(read([0xe9], "text/plain; charset=ISO-8859-1"), { text: "é", encoding: "windows-1252" });
    assert.deepEqual(read([0xff, 0xfe, 0x61, 0], "text/plain; charset=utf-8"), { text: "a", encoding: "utf-16le" });
    assert.deepEqual(read([0xc3, 0xa9, 0xff], "text/plain"), { text: "é\ufffd", encoding: "utf-8" });
    assert.deepEqual(read([0x61], 'text/plain; charset="no-such\u0000thing"').encoding, "utf-8");
  });

  test("is cut into lines at whatever ends them", () => {
    assert.deepEqual(textLines("a\nb\r\nc\rd\te"), ["a", "b", "c", "d    e"]);
    assert.deepEqual(textLines(""), [""]);
  });
});

test("bytes are shown in rows, with what of them can be printed", () => {
  assert.deepEqual(hexRow(bytesOf("0123456789abcdef<b>\n"), 1, 16), {
    offset: "00000010",
    bytes: "3c 62 3e 0a",
    text: "<b>.",
  });
  assert.equal(hexRow(bytesOf("0123456789"), 0, 16).bytes, "30 31 32 33 34 35 36 37  38 39");
});

describe("the tree of a JSON text", () => {
  test("shows what is open, in order, with members of any name", () => {
    const root = readJson('{"b":[1,{"x":null}],"__proto__":{"y":true},"a":""}');
    assert.ok(isBranch(root));
    const shown = (open: readonly JsonValue[]) =>
      jsonRows(root, new Set(open.filter(isBranch))).map(({ depth, name }) => `${depth} ${name ?? ""}`);
    assert.deepEqual(shown([]), ["0 "]);
    assert.deepEqual(shown([root]), ["0 ", "1 b", "1 __proto__", "1 a"]);
    const { b = null } = root as { readonly b?: JsonValue };
    assert.deepEqual(shown([root, b]), ["0 ", "1 b", "2 0", "2 1", "1 __proto__", "1 a"]);
  });

  test("keeps all digits of a number", () => {
    const written = (text: string) => {
      const value = readJson(text);
      return typeof value === "object" && value !== null && "source" in value ? value.source : value;
    };
    assert.equal(written("12345678901234567890"), "12345678901234567890");
    assert.equal(written("0.1000000000000000055"), "0.1000000000000000055");
    assert.equal(written("1e400"), "1e400");
    assert.equal(written("1.50"), 1.5);
    assert.equal(written("-0"), -0);
  });

  test("has a row for each value when all is open", () => {
    const count = (value: unknown): number =>
      1 +
      (typeof value === "object" && value !== null
        ? Object.values(value).reduce<number>((sum, each) => sum + count(each), 0)
        : 0);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const root = readJson(JSON.stringify(value));
        const open = new Set<JsonBranch>();
        const openAll = (each: JsonValue): void => {
          if (!isBranch(each)) return;
          open.add(each);
          for (const inner of Object.values<JsonValue>(each)) openAll(inner);
        };
        openAll(root);
        assert.equal(jsonRows(root, open).length, count(JSON.parse(JSON.stringify(value)) as unknown));
      }),
    );
  });

  test("is refused where it is no JSON, or nested beyond measure", () => {
    assert.throws(() => readJson("{"), SyntaxError);
    assert.throws(() => readJson("[".repeat(400_000) + "]".repeat(400_000)), RangeError);
  });
});
