import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatTable } from "../../src/terminal/table.ts";
import { shorten, wrap } from "../../src/terminal/width.ts";
import { formatBytes, formatDuration, formatMoment } from "../../src/terminal/quantities.ts";

const paint = (_: string, text: string): string => text;

describe("a table", () => {
  test("aligns its columns, and ends no line in blanks", () => {
    const columns = [{ heading: "NAME" }, { heading: "SIZE", align: "right" }, { heading: "NOTE" }] as const;
    const rows = [
      ["a", "1", ""],
      ["longer", "12345", "x"],
    ];
    assert.deepEqual(formatTable(columns, rows, { width: 80, paint }), [
      "NAME     SIZE  NOTE",
      "a           1",
      "longer  12345  x",
    ]);
  });

  test("shortens the column that gives way", () => {
    const columns = [{ heading: "URL", shrinks: true }, { heading: "MS" }] as const;
    const lines = formatTable(columns, [["https://host.example/a/very/long/path", "12"]], { width: 20, paint });
    assert.deepEqual(lines, ["URL               MS", "https://…ong/path  12".replace("…ong", "…ng")]);
  });
});

describe("text in a width", () => {
  test("wraps between words, behind its indent", () => {
    assert.deepEqual(wrap("one two  three\nfour", 9, "  "), ["  one two", "  three", "  four"]);
    assert.deepEqual(wrap("unbreakable", 5), ["unbreakable"]);
    assert.deepEqual(wrap("", 5), []);
  });

  test("is shortened in its middle", () => {
    assert.equal(shorten("abcdefgh", 8), "abcdefgh");
    assert.equal(shorten("abcdefgh", 5), "ab…gh");
    assert.equal(shorten("abcdefgh", 1), "…");
  });
});

describe("quantities", () => {
  for (const [shown, expected] of [
    [formatBytes(0), "0 bytes"],
    [formatBytes(1), "1 byte"],
    [formatBytes(1023), "1023 bytes"],
    [formatBytes(1536), "1.5 KiB"],
    [formatBytes(20 * 1024 * 1024), "20 MiB"],
    [formatDuration(0.04), "0.0 ms"],
    [formatDuration(12.34), "12.3 ms"],
    [formatDuration(123.4), "123 ms"],
    [formatDuration(1234), "1.2 s"],
    [formatMoment(0), "1970-01-01 00:00 UTC"],
    [formatMoment(Number.MAX_SAFE_INTEGER), "far away"],
  ] as const) {
    test(expected, () => {
      assert.equal(shown, expected);
    });
  }
});
