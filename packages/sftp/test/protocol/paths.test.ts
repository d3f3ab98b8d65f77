import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isWithin, pathsBelow, readServerPath, splitPath } from "../../src/protocol/paths.ts";

describe("what the path of a URL means", () => {
  const accepted: readonly (readonly [pathname: string, base: string, path: string, isDirectory: boolean])[] = [
    ["/a/b.txt", "root", "/a/b.txt", false],
    ["/a/b/", "root", "/a/b", true],
    ["/", "root", "/", true],
    ["", "root", "/", true],
    ["/~/a", "home", "a", false],
    ["/~/a/", "home", "a", true],
    ["/~/", "home", ".", true],
    ["/~", "home", ".", true],
    ["/%7E/a", "home", "a", false],
    ["/~user/a", "root", "/~user/a", false],
    ["/a/~/b", "root", "/a/~/b", false],
    ["//a//b", "root", "/a/b", false],
    ["/a%20b/%C3%BC", "root", "/a b/ü", false],
    ["/a%25b", "root", "/a%b", false],
    ["/...", "root", "/...", false],
    ["/a:b*c", "root", "/a:b*c", false],
  ];
  for (const [pathname, base, path, isDirectory] of accepted) {
    test(`${JSON.stringify(pathname)} is ${path} of ${base}`, () => {
      deepEqual(readServerPath(pathname), { type: "path", base, path, isDirectory });
    });
  }

  const refused: readonly (readonly [pathname: string, fault: string])[] = [
    ["/a%2Fb", "encoded-separator"],
    ["/a%2fb", "encoded-separator"],
    ["/..%2F..%2Fetc%2Fpasswd", "encoded-separator"],
    ["/a%5Cb", "encoded-separator"],
    ["/a\\b", "encoded-separator"],
    ["/..\\..\\secret", "encoded-separator"],
    ["/a%00", "control-character"],
    ["/a%0Ab", "control-character"],
    ["/a%7F", "control-character"],
    ["/a%C2%85", "control-character"],
    ["/a%FF", "not-utf8"],
    ["/a%C0%AF", "not-utf8"],
    ["/a%", "not-utf8"],
    ["/..", "dot-segment"],
    ["/a/../b", "dot-segment"],
    ["/%2e%2e/b", "dot-segment"],
    ["/~/..", "dot-segment"],
    ["/a/./b", "dot-segment"],
    [`/${"a".repeat(5000)}`, "too-long"],
    [`/${"%61".repeat(5000)}`, "too-long"],
  ];
  for (const [pathname, fault] of refused) {
    test(`${JSON.stringify(pathname.slice(0, 30))} is refused: ${fault}`, () => {
      deepEqual(readServerPath(pathname), { type: "fault", fault });
    });
  }

  test("no URL names anything but plain names, below where it begins", () => {
    const piece = fc.oneof(
      fc.constantFrom("..", ".", "%2e", "%2E%2e", "%2f", "%5c", "\\", "~", "a", "%00", "%zz", "/", "//"),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const url = URL.parse(`sftp://h/${pieces.join("/")}`);
        const reading = readServerPath(url?.pathname ?? "/");
        if (reading.type === "fault") return;
        equal(reading.path.startsWith("/"), reading.base === "root");
        const names = reading.path.split("/").slice(reading.base === "root" ? 1 : 0);
        if (reading.path === "/" || reading.path === ".") return;
        for (const name of names) equal(/^(?:|\.|\.\.)$|[\\\p{Cc}]/u.test(name), false, name);
      }),
    );
  });
});

describe("what lies below a root", () => {
  const cases: readonly (readonly [root: string, path: string, isInside: boolean])[] = [
    ["/srv", "/srv", true],
    ["/srv", "/srv/a", true],
    ["/srv", "/srv/a/b", true],
    ["/srv", "/srv2", false],
    ["/srv", "/srv2/a", false],
    ["/srv", "/", false],
    ["/srv", "/etc/passwd", false],
    ["/srv", "/srv/../etc", false],
    ["/srv", "srv/a", false],
    ["/", "/etc/passwd", true],
    ["/srv/", "/srv/a", true],
  ];
  for (const [root, path, isInside] of cases) {
    test(`${path} ${isInside ? "lies" : "does not lie"} below ${root}`, () => {
      equal(isWithin(root, path), isInside);
    });
  }

  test("all steps on the way down", () => {
    deepEqual(pathsBelow("/srv", "/srv/a/b"), ["/srv/a", "/srv/a/b"]);
    deepEqual(pathsBelow("/", "/a/b"), ["/a", "/a/b"]);
    deepEqual(pathsBelow("/srv", "/srv"), []);
  });

  test("a path is its directory and its last name", () => {
    deepEqual(splitPath("/a/b"), { directory: "/a", name: "b" });
    deepEqual(splitPath("/a"), { directory: "/", name: "a" });
    deepEqual(splitPath("a"), { directory: ".", name: "a" });
    deepEqual(splitPath("a/b"), { directory: "a", name: "b" });
  });
});
