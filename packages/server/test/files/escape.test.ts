import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { closeSync, fstatSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { staticFiles } from "../../src/files/index.ts";
import { openRoot } from "../../src/files/open-below.ts";
import { ask, temporaryDirectory } from "./served.ts";

const top = await temporaryDirectory({ after });
const root = join(top, "root");

before(async () => {
  await mkdir(join(root, "dir", ".hidden"), { recursive: true });
  await mkdir(join(top, "root-of-others"));
  await writeFile(join(top, "secret.txt"), "SECRET");
  await writeFile(join(top, "root-of-others", "secret.txt"), "SECRET");
  await writeFile(join(root, "a.txt"), "fine");
  await writeFile(join(root, ".env"), "SECRET");
  await writeFile(join(root, "dir", ".hidden", "a"), "SECRET");
  await symlink("../secret.txt", join(root, "out.txt"));
  await symlink(top, join(root, "up"));
  await symlink(join(top, "root-of-others"), join(root, "beside"));
  await symlink("/etc/passwd", join(root, "passwd"));
  await symlink("/dev/zero", join(root, "zero"));
  await symlink("/proc/self/environ", join(root, "environ"));
  await symlink("loop", join(root, "loop"));
  await symlink("nowhere", join(root, "dangling"));
  await symlink("a.txt", join(root, "in.txt"));
  await symlink(join(root, "a.txt"), join(root, "absolute.txt"));
  await promisify(execFile)("mkfifo", [join(root, "pipe"), join(root, "index.html")]);
});

/** How people have left roots before, and what they find on the way. */
const attacks = [
  "/../secret.txt",
  "/../../../../../../../../etc/passwd",
  "/dir/../../secret.txt",
  "/dir/../a.txt",
  "/./../secret.txt",
  "/..",
  "/../",
  "/..;/secret.txt",
  "/.../secret.txt",
  "/....//secret.txt",
  "/%2e%2e/secret.txt",
  "/%2e%2e%2fsecret.txt",
  "/..%2fsecret.txt",
  "/.%2e/secret.txt",
  "/%252e%252e/secret.txt",
  "/%252e%252e%252fsecret.txt",
  "/%25252e%25252e/secret.txt",
  "/..%c0%afsecret.txt",
  "/%c0%ae%c0%ae/secret.txt",
  "/%e0%80%ae%e0%80%ae/secret.txt",
  "/%uff0e%uff0e/secret.txt",
  "/..\\secret.txt",
  "/..%5csecret.txt",
  "/..%255csecret.txt",
  "/\\..\\secret.txt",
  "/dir\\..\\..\\secret.txt",
  "//etc/passwd",
  "///etc/passwd",
  "/%2fetc%2fpasswd",
  "//..//secret.txt",
  "/file:///etc/passwd",
  "/C:/Windows/win.ini",
  "/c%3a%5cwindows%5cwin.ini",
  "/a.txt%00.html",
  "/a.txt%00",
  "/%00/../secret.txt",
  "/../secret.txt%00.txt",
  "/a.txt::$DATA",
  "/a.txt.",
  "/a.txt%20",
  "/a.txt/",
  "/a.txt/.",
  "/a.txt/../a.txt",
  "/../root/a.txt",
  "/../root-of-others/secret.txt",
  "/-of-others/secret.txt",
  "/.env",
  "/%2eenv",
  "/dir/.hidden/a",
  "/dir/%2ehidden/a",
  "/out.txt",
  "/up/secret.txt",
  "/up/",
  "/up",
  "/up/root/../secret.txt",
  "/beside/secret.txt",
  "/passwd",
  "/environ",
  "/zero",
  "/loop",
  "/dangling",
  "/pipe",
  "/socket",
  "/",
  "/proc/self/environ",
  "/a.txt\r\nX: y",
  "/~root/.profile",
  "*",
  "",
];

describe("nothing is had by", () => {
  for (const path of attacks) {
    test(JSON.stringify(path), async () => {
      const answer = await ask(staticFiles({ root }), path);
      assert.deepEqual([answer.status, answer.content, answer.errors], [404, "not found\n", []]);
    });
  }

  test("the path of a socket, or of what may not be read", async () => {
    const server = createServer().listen(join(root, "socket"));
    await once(server, "listening");
    assert.equal((await ask(staticFiles({ root }), "/socket")).status, 404);
    server.close();
    await once(server, "close");
  });
});

test("what is below the root is there, also by links that stay below it", async () => {
  for (const path of ["/a.txt", "/in.txt", "/absolute.txt", "/%61.txt"]) {
    assert.equal((await ask(staticFiles({ root }), path)).content, "fine", path);
  }
});

test("links out of the root, and names with a dot, are followed by whoever asks for it", async () => {
  assert.equal((await ask(staticFiles({ root, dotFiles: true }), "/.env")).content, "SECRET");
  const handler = staticFiles({ root, dangerous: { linksLeadOut: true } });
  assert.equal((await ask(handler, "/out.txt")).content, "SECRET");
  assert.equal((await ask(handler, "/zero")).status, 404, "devices are no files");
});

test("a root that is a link is the directory that it names", async () => {
  await symlink("root", join(top, "link"));
  const handler = staticFiles({ root: join(top, "link") });
  assert.equal((await ask(handler, "/a.txt")).content, "fine");
  assert.equal((await ask(handler, "/out.txt")).status, 404);
});

for (const [how, byName] of [
  ["held by the system", true],
  ["compared by its path", false],
] as const) {
  describe(`what was found, and is ${how},`, () => {
    for (const name of [
      "out.txt",
      "passwd",
      "zero",
      "environ",
      "loop",
      "dangling",
      "pipe",
      "index.html",
      "up",
      "beside",
    ]) {
      test(`is never ${name}`, async () => {
        assert.equal(await openRoot(root, false, byName).find([name]), undefined);
      });
    }

    test("is the file even when another has come to its place, or nothing", async () => {
      const path = join(root, "swapped.txt");
      await writeFile(path, "fine");
      const found = await openRoot(root, false, byName).find(["swapped.txt"]);
      await rename(path, join(root, "moved.txt"));
      await symlink("../secret.txt", path);
      const descriptor = await found?.open();
      found?.release();
      // Held, it is what it was; compared, it is gone. In neither case is it the secret.
      assert.equal(descriptor !== undefined, byName);
      if (descriptor !== undefined) assert.equal(fstatSync(descriptor).ino, found?.stats.ino);
      if (descriptor !== undefined) closeSync(descriptor);
      await Promise.all([rm(path), rm(join(root, "moved.txt"))]);
    });

    test("is not had through a directory that has become a link", async () => {
      await mkdir(join(root, "way"));
      await writeFile(join(root, "way", "secret.txt"), "fine");
      const opened = openRoot(root, false, byName);
      const found = await opened.find(["way", "secret.txt"]);
      await rename(join(root, "way"), join(root, "way-before"));
      await symlink(join(top, "root-of-others"), join(root, "way"));
      const descriptor = await found?.open();
      found?.release();
      assert.equal(descriptor !== undefined, byName);
      if (descriptor !== undefined) assert.equal(readFileSync(descriptor, "utf8"), "fine");
      if (descriptor !== undefined) closeSync(descriptor);
      assert.equal(await opened.find(["way", "secret.txt"]), undefined);
      await Promise.all([rm(join(root, "way")), rm(join(root, "way-before"), { recursive: true })]);
    });
  });
}
