import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseFilePath, type FileNames } from "../../../../src/schemes/file/protocol/file-path.ts";
import { mediaTypeOf } from "../../../../src/schemes/file/protocol/media-type.ts";

function namesOf(url: string, system: FileNames): readonly string[] | string {
  const path = parseFilePath(new URL(url), system);
  return path.type === "names" ? path.names : path.because;
}

describe("file: URLs (RFC 8089)", () => {
  const accepted: readonly [url: string, system: FileNames, names: readonly string[]][] = [
    ["file:///a/b.txt", "posix", ["a", "b.txt"]],
    ["file:/a/b.txt", "posix", ["a", "b.txt"]],
    ["file://localhost/a", "posix", ["a"]],
    ["file:///a%20b/%E4%B8%AD", "posix", ["a b", "中"]],
    ["file:///a/", "posix", ["a", "."]],
    ["file:///a?query#fragment", "posix", ["a"]],
    ["file:///a/./b/../c", "posix", ["a", "c"]],
    ["file:///a/%2e%2E/b", "posix", ["b"]],
    ["file:///../../a", "posix", ["a"]],
    ["file:///2026-01-01T10:00:00.log", "posix", ["2026-01-01T10:00:00.log"]],
    ["file:///nul", "posix", ["nul"]],
    ["file:///a%25b", "posix", ["a%b"]],
    ["file:///a%252Fb", "posix", ["a%2Fb"]],
    ["file:///C:/a/b.txt", "windows", ["C:", "a", "b.txt"]],
    ["file:///C|/a", "windows", ["C:", "a"]],
    ["file:///C:/null", "windows", ["C:", "null"]],
    ["file:///C:/console.log", "windows", ["C:", "console.log"]],
  ];
  for (const [url, system, names] of accepted) {
    test(`${url} on ${system}`, () => {
      assert.deepEqual(namesOf(url, system), names);
    });
  }

  const refused: readonly [url: string, system: FileNames, because: RegExp][] = [
    ["file://server/share/a", "posix", /another computer/],
    ["file://server/share/a", "windows", /another computer/],
    ["file:////server/share/a", "windows", /empty/],
    ["file:///a//b", "posix", /empty/],
    ["file:///", "posix", /empty/],
    ["file:///a%2Fb", "posix", /separator/],
    ["file:///a%2fb", "windows", /separator/],
    ["file:///..%2F..%2Fetc%2Fpasswd", "posix", /separator/],
    ["file:///a%5Cb", "posix", /separator/],
    ["file:///a%5c..%5cb", "windows", /separator/],
    ["file:///a%00.txt", "posix", /NUL/],
    ["file:///a%zz", "posix", /no text/],
    ["file:///%C0%AE%C0%AE/a", "posix", /no text/],
    ["file:///%FF", "posix", /no text/],
    ["file:///C:/a:stream", "windows", /stream/],
    ["file:///C:/a::$DATA", "windows", /stream/],
    ["file:///C:/D:/a", "windows", /drive/],
    ["file:///C:/CON", "windows", /device/],
    ["file:///C:/a/nul.txt", "windows", /device/],
    ["file:///C:/Com1.tar.gz", "windows", /device/],
    ["file:///C:/LPT%C2%B9", "windows", /device/],
    ["file:///C:/aux%20.txt", "windows", /device/],
    ["file:///C:/a.", "windows", /dot or a space/],
    ["file:///C:/a%20", "windows", /dot or a space/],
    ["file:///C:/a%2A", "windows", /cannot have/],
    ["file:///C:/a%01", "windows", /cannot have/],
    ["file:///C:/PROGRA~1/a", "windows", /short/],
  ];
  for (const [url, system, because] of refused) {
    test(`${url} is refused on ${system}`, () => {
      assert.match(String(namesOf(url, system)), because);
    });
  }

  test("whatever a URL holds, its names have no separator, no NUL, and lead to no directory above", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5C",
        "\\",
        "/",
        "//",
        "%00",
        "C:",
        ":",
        "~1",
        "nul",
        " ",
        "%c0%ae",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom<FileNames>("posix", "windows"), (pieces, system) => {
        const url = URL.parse(`file:///${pieces.join("")}`);
        if (url === null) return;
        const path = parseFilePath(url, system);
        if (path.type === "refused") return;
        for (const [index, name] of path.names.entries()) {
          assert.doesNotMatch(name, /[/\\\0]/);
          assert.notEqual(name, "..");
          assert.notEqual(name, "");
          if (name === ".") assert.equal(index, path.names.length - 1);
        }
      }),
    );
  });

  test("a media type by extension", () => {
    const table: [string, string][] = [
      ["a.html", "text/html"],
      ["A.JPG", "image/jpeg"],
      ["a.tar.gz", "application/gzip"],
      ["html", "application/octet-stream"],
      [".html", "application/octet-stream"],
      ["a.constructor", "application/octet-stream"],
      ["a.", "application/octet-stream"],
    ];
    for (const [name, type] of table) assert.equal(mediaTypeOf(name), type, name);
  });
});
