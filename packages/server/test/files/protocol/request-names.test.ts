import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isHidden, requestNames } from "../../../src/files/protocol/request-names.ts";

describe("what a path names", () => {
  for (const [path, names, isDirectory] of [
    ["/", [], true],
    ["/a", ["a"], false],
    ["/a/", ["a"], true],
    ["/a/b.txt?c=/d&..", ["a", "b.txt"], false],
    ["/%61%20b", ["a b"], false],
    ["/%E2%82%AC", ["\u20ac"], false],
    ["/100%25", ["100%"], false],
    ["/%252e%252e/a", ["%2e%2e", "a"], false],
    ["/...", ["..."], false],
    ["/a..b", ["a..b"], false],
    ["/a:b", ["a:b"], false],
  ] as const) {
    test(`${path}: ${names.join(" ") || "the root"}`, () => {
      assert.deepEqual(requestNames(path, "posix"), { names, isDirectory });
    });
  }

  for (const path of [
    "",
    "a",
    "*",
    "http://a.example/",
    "//a",
    "/a//b",
    "/a//",
    "//",
    "/.",
    "/./a",
    "/..",
    "/../a",
    "/a/..",
    "/a/../../b",
    "/%2e%2e/a",
    "/%2E./a",
    "/.%2e/a",
    "/a%2f..%2fb",
    "/%2fetc",
    "/..%5ca",
    "/..\\a",
    "/a\\b",
    "/a%00.txt",
    "/a\u0000",
    "/a%0a",
    "/%7f",
    "/a%",
    "/%zz",
    "/%c0%ae%c0%ae/a",
    "/%ff",
    "/%ed%a0%80",
    "/a#b",
  ]) {
    test(`${JSON.stringify(path)} names nothing`, () => assert.equal(requestNames(path, "posix"), undefined));
  }

  for (const name of [
    "con",
    "NUL.txt",
    "aux .x",
    "com1",
    "LPT\u00b9.a",
    "CONIN$",
    "a:b",
    "c:",
    "a::$DATA",
    "GIT~1",
    "a.",
    "a ",
    "a?",
    "a*",
    "a|b",
    '"a"',
  ]) {
    test(`${name} names nothing on Windows`, () => {
      assert.equal(requestNames(`/${encodeURIComponent(name)}`, "windows"), undefined);
    });
  }

  for (const name of ["console", "nullable.txt", "com", "com10", "a~b", "a b", ".htaccess", "aux-1"]) {
    test(`${name} is a name on Windows too`, () => {
      assert.deepEqual(requestNames(`/${encodeURIComponent(name)}`, "windows")?.names, [name]);
    });
  }

  test("whatever the path is, names are such that joining them leads down and nowhere else", () => {
    const piece = fc.constantFrom(
      "/",
      ".",
      "..",
      "%2e",
      "%2f",
      "%5c",
      "\\",
      "%00",
      "%",
      "25",
      "a",
      "?",
      "#",
      ":",
      "~1",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom("windows" as const, "posix" as const), (pieces, platform) => {
        for (const name of requestNames(`/${pieces.join("")}`, platform)?.names ?? []) {
          assert.ok(name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name));
        }
      }),
    );
  });
});

test("names that begin with a dot are hidden at any depth, but for what is well known", () => {
  for (const [path, hidden] of [
    ["a/b", false],
    [".git/config", true],
    ["a/.env", true],
    [".well-known/security.txt", false],
    [".well-known/.git", true],
    ["a/.well-known", true],
  ] as const) {
    assert.equal(isHidden(path.split("/")), hidden, path);
  }
});
