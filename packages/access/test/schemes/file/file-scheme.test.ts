import { fileScheme, openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { FairleadError, isCodedError, UsageError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { rejection } from "../../rejection.ts";

/** Has a file and a link change places for ever. */
const SWAP = `
  const { renameSync } = require("node:fs");
  const { parentPort, workerData: [one, other, third] } = require("node:worker_threads");
  parentPort.postMessage("on");
  for (;;) { renameSync(one, third); renameSync(other, one); renameSync(third, other); }
`;
const SECRET = "nobody below the root may read this";

let place = "";
let root = "";
const socket = createServer();
before(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), "fairlead-file-")));
  root = join(place, "root");
  await mkdir(join(root, "folder", "deep"), { recursive: true });
  await mkdir(join(place, "rootless"));
  await mkdir(join(place, "outside"));
  await writeFile(join(place, "outside", "secret.txt"), SECRET);
  await writeFile(join(place, "rootless", "secret.txt"), SECRET);
  await writeFile(join(root, "a.txt"), "0123456789");
  await writeFile(join(root, "empty"), "");
  await writeFile(join(root, "folder", "page.html"), "<p>page");
  await writeFile(join(root, "ünï code%2F.txt"), "name");
  await link(join(root, "a.txt"), join(root, "hard.txt"));
  await symlink("a.txt", join(root, "link.txt"));
  await symlink(join(root, "a.txt"), join(root, "absolute.txt"));
  await symlink("../a.txt", join(root, "folder", "up.txt"));
  await symlink("folder", join(root, "folder-link"));
  await symlink("link.txt", join(root, "link-to-link"));
  await symlink("../outside/secret.txt", join(root, "escape"));
  await symlink(join(place, "outside", "secret.txt"), join(root, "escape-absolute"));
  await symlink("../outside/not-there", join(root, "escape-dangling"));
  await symlink("../outside", join(root, "escape-folder"));
  await symlink("..", join(root, "parent"));
  await symlink("../..", join(root, "folder", "grandparent"));
  await symlink("escape", join(root, "link-to-escape"));
  await symlink("folder/../../outside/secret.txt", join(root, "escape-by-folder"));
  await symlink(`${root}/../outside/secret.txt`, join(root, "escape-by-own-root"));
  await symlink("/dev/zero", join(root, "device-link"));
  await symlink("/proc/self/environ", join(root, "environment"));
  await symlink("loop", join(root, "loop"));
  await symlink("gone", join(root, "dangling"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  socket.listen(join(root, "socket"));
  await once(socket, "listening");
});
after(async () => {
  socket.close();
  await rm(place, { recursive: true, force: true });
});

const open = (writable = false): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({ schemes: [fileScheme({ root, writable })] });
const urlOf = (...path: string[]): string => pathToFileURL(join(root, ...path)).href;

async function codeOf(manager: NetworkAccessManager, url: string): Promise<string> {
  const error = await rejection(
    manager.request(url).then((reply) => reply.bytes()),
    FairleadError,
  );
  const told = `${error.message}${String(error.cause)}`.replace(error.peer ?? "", "");
  assert.doesNotMatch(told, /secret\.txt|outside\/|environ\b/, "nothing is told of what is outside");
  return isCodedError(error) ? error.code : "";
}

describe("files below the root", () => {
  test("are answered with length, type, date and validator, to request and fetch", async () => {
    await using manager = await open();
    const reply = await manager.request(urlOf("folder", "page.html"));
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "text/html");
    assert.equal(reply.headers["content-length"], "7");
    assert.equal(reply.headers["accept-ranges"], "bytes");
    const { mtimeMs } = await stat(join(root, "folder", "page.html"));
    assert.equal(Date.parse(String(reply.headers["last-modified"])), Math.trunc(mtimeMs / 1000) * 1000);
    assert.match(String(reply.headers["etag"]), /^"[\w-]+"$/);
    assert.equal(await reply.text(), "<p>page");
    const [hop] = reply.transaction.hops;
    assert.equal(hop?.reason, "scheme");
    assert.equal(hop.bodyBytes, 7);
    const response = await manager.fetch(pathToFileURL(join(root, "ünï code%2F.txt")));
    assert.equal(await response.text(), "name");
    assert.equal(await (await manager.fetch(urlOf("empty"))).text(), "");
  });

  test("HEAD tells of it without a body", async () => {
    await using manager = await open();
    const reply = await manager.request(urlOf("a.txt"), { method: "HEAD" });
    assert.equal(reply.headers["content-length"], "10");
    assert.equal(await reply.text(), "");
  });

  test("parts are answered as RFC 9110 section 14 has it", async () => {
    await using manager = await open();
    const table: [range: string, status: number, contentRange: string | undefined, body: string][] = [
      ["bytes=2-4", 206, "bytes 2-4/10", "234"],
      ["bytes=7-", 206, "bytes 7-9/10", "789"],
      ["bytes=-2", 206, "bytes 8-9/10", "89"],
      ["bytes=5-100", 206, "bytes 5-9/10", "56789"],
      ["bytes=10-", 416, "bytes */10", ""],
      ["bytes=0-1,3-4", 200, undefined, "0123456789"],
      ["lines=1-2", 200, undefined, "0123456789"],
    ];
    for (const [range, status, contentRange, body] of table) {
      const reply = await manager.request(urlOf("a.txt"), { headers: { range } });
      assert.equal(reply.status, status, range);
      assert.equal(reply.headers["content-range"], contentRange, range);
      assert.equal(await reply.text(), body, range);
    }
    const { headers } = await manager.request(urlOf("a.txt"), { method: "HEAD" });
    const part = async (validator: string): Promise<number> => {
      const reply = await manager.request(urlOf("a.txt"), { headers: { range: "bytes=1-2", "if-range": validator } });
      await reply.bytes();
      return reply.status;
    };
    assert.equal(await part(String(headers["etag"])), 206);
    assert.equal(await part('"another"'), 200);
    assert.equal(await part(String(headers["last-modified"])), 200);
  });

  test("links that stay below the root, and hard links, are followed", async () => {
    await using manager = await open();
    const table = [
      ...[["hard.txt"], ["link.txt"], ["absolute.txt"], ["folder", "up.txt"], ["link-to-link"]].map(
        (path) => [path, "0123456789"] as const,
      ),
      [["folder-link", "page.html"], "<p>page"] as const,
    ];
    for (const [path, text] of table) {
      assert.equal(await (await manager.request(urlOf(...path))).text(), text, path.join("/"));
    }
  });

  test("a root that is a link itself is as good", async () => {
    const alias = join(place, "alias");
    await symlink("root", alias);
    await using manager = await openNetworkAccessManager({ schemes: [fileScheme({ root: pathToFileURL(alias) })] });
    assert.equal(await (await manager.request(pathToFileURL(join(alias, "a.txt")))).text(), "0123456789");
    assert.equal(await (await manager.request(urlOf("absolute.txt"))).text(), "0123456789");
    assert.equal(await codeOf(manager, pathToFileURL(join(alias, "escape")).href), "FILE_OUTSIDE_ROOT");
  });

  test("a large one comes as it is read, and a reader that leaves closes it", async () => {
    const large = Buffer.alloc(3_000_000, "large ");
    await writeFile(join(root, "large"), large);
    await using manager = await open();
    assert.deepEqual(await (await manager.request(urlOf("large"))).bytes(), large);
    const held = async (): Promise<number> => {
      const names = await readdir("/proc/self/fd");
      const targets = await Promise.all(names.map((name) => realpath(`/proc/self/fd/${name}`).catch(() => "")));
      return targets.filter((target) => target.endsWith("/large")).length;
    };
    const reply = await manager.request(urlOf("large"));
    const stream = reply.stream();
    await once(stream, "readable");
    assert.ok((reply.transaction.hops[0]?.bodyBytes ?? 0) < large.length, "a slow reader holds it back");
    assert.equal(await held(), 1);
    stream.destroy();
    await once(stream, "close");
    const left = await manager.request(urlOf("large"));
    left.discard();
    while ((await held()) > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("one that becomes shorter while it is read is an error", async () => {
    await writeFile(join(root, "shrinking"), Buffer.alloc(2_000_000));
    await using manager = await open();
    const reply = await manager.request(urlOf("shrinking"));
    const stream = reply.stream();
    await once(stream, "readable");
    await truncate(join(root, "shrinking"), 1_000);
    const error = await rejection(
      (async () => {
        for await (const chunk of stream) assert.ok(chunk);
      })(),
      FairleadError,
    );
    assert.equal(isCodedError(error) && error.code, "FILE_CHANGED");
  });
});

describe("what is refused by name", () => {
  const table: readonly [path: () => string, code: string][] = [
    [(): string => urlOf("not-there"), "FILE_NOT_FOUND"],
    [(): string => urlOf("a.txt", "below"), "FILE_NOT_FOUND"],
    [(): string => `${urlOf("a.txt")}/`, "FILE_NOT_FOUND"],
    [(): string => urlOf("dangling"), "FILE_NOT_FOUND"],
    [(): string => urlOf("x".repeat(300)), "FILE_NOT_FOUND"],
    [(): string => urlOf("folder"), "FILE_NOT_REGULAR"],
    [(): string => `${urlOf("folder")}/`, "FILE_NOT_REGULAR"],
    [(): string => urlOf(), "FILE_NOT_REGULAR"],
    [(): string => urlOf("pipe"), "FILE_NOT_REGULAR"],
    [(): string => urlOf("socket"), "FILE_NOT_REGULAR"],
    [(): string => urlOf("loop"), "FILE_OUTSIDE_ROOT"],
    ...[
      ...["escape", "escape-absolute", "escape-dangling", "link-to-escape", "escape-by-folder", "escape-by-own-root"],
      ...[
        "parent/outside/secret.txt",
        "escape-folder/secret.txt",
        "escape-folder/not-there",
        "folder/grandparent/root/a.txt",
      ],
      ...["device-link", "environment", "parent"],
    ].map((path): [() => string, string] => [(): string => `${urlOf()}/${path}`, "FILE_OUTSIDE_ROOT"]),
    ...[
      ...[
        "/../outside/secret.txt",
        "/%2e%2e/outside/secret.txt",
        "/..%2Foutside%2Fsecret.txt",
        "/folder/%5C..%5C..",
        "/a.txt%00",
      ],
      ...["/%c0%ae%c0%ae/outside/secret.txt", "//a.txt", "less/secret.txt"],
    ].map((suffix): [() => string, string] => [(): string => `${urlOf()}${suffix}`, "FILE_OUTSIDE_ROOT"]),
    [(): string => "file:///etc/passwd", "FILE_OUTSIDE_ROOT"],
    [(): string => "file:///dev/zero", "FILE_OUTSIDE_ROOT"],
    [(): string => `file://server${root}/a.txt`, "FILE_OUTSIDE_ROOT"],
  ];
  for (const [url, code] of table) {
    test(`${code}: ${/"([^"]*)"|`([^`]*)`/.exec(url.toString())?.[0] ?? ""} (${String(table.findIndex(([other]) => other === url))})`, async () => {
      await using manager = await open();
      assert.equal(await codeOf(manager, url()), code, url());
    });
  }

  test("methods that files do not have, PUT where it is not allowed, and roots that are none", async () => {
    await using manager = await open();
    for (const method of ["POST", "DELETE", "PUT", "OPTIONS"]) {
      const error = await rejection(manager.request(urlOf("a.txt"), { method }), UsageError);
      assert.equal(error.code, "OPTION_INVALID");
    }
    assert.equal(await readFile(join(root, "a.txt"), "utf8"), "0123456789");
    for (const wrong of ["relative", "./a", "", "/a\0b"])
      assert.throws(() => fileScheme({ root: wrong }), UsageError, wrong);
    await using lost = await openNetworkAccessManager({ schemes: [fileScheme({ root: join(place, "no-root") })] });
    assert.equal(await codeOf(lost, pathToFileURL(join(place, "no-root", "a")).href), "FILE_NOT_FOUND");
  });

  test("a file that the process may not read", async (context) => {
    await writeFile(join(root, "unreadable"), "x", { mode: 0 });
    await using manager = await open();
    if (process.getuid?.() === 0) {
      context.diagnostic("root reads everything");
      return;
    }
    assert.equal(await codeOf(manager, urlOf("unreadable")), "FILE_ACCESS_DENIED");
  });

  test("whatever a path holds, nothing outside is read", async () => {
    const names = await readdir(root);
    await using manager = await open();
    const piece = fc.oneof(
      fc.constantFrom(
        "..",
        "%2e%2e",
        "%2f",
        "/",
        "//",
        "outside",
        "secret.txt",
        "rootless",
        "escape-folder",
        "parent",
        "grandparent",
      ),
      fc.constantFrom(...names.filter((name) => name !== "pipe")),
      fc.string({ maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(piece, fc.constantFrom("/", "", "/../"))), async (pieces) => {
        const url = URL.parse(`${urlOf()}/${pieces.flat().join("")}`);
        if (url?.hostname !== "") return;
        const answer = await manager.request(url).then(
          (reply) => reply.text(),
          (error: unknown) => (isCodedError(error) ? error.code : String(error)),
        );
        assert.doesNotMatch(answer, /nobody below|PATH=/);
      }),
      { numRuns: 300 },
    );
  });

  test("a link that comes and goes under way lets nobody out", async () => {
    const swapped = join(root, "swapped");
    const other = join(root, "other");
    await writeFile(swapped, "inside");
    await symlink("../outside/secret.txt", other);
    // In a thread of its own, and as fast as it can: the other one has its windows within microseconds.
    const swapping = new Worker(SWAP, { eval: true, workerData: [swapped, other, join(root, "third")] });
    await once(swapping, "message");
    await using manager = await open();
    const seen = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      seen.add(
        await manager.request(pathToFileURL(swapped)).then(
          (reply) => reply.text(),
          (error: unknown) => (isCodedError(error) ? error.code : String(error)),
        ),
      );
    }
    await swapping.terminate();
    assert.ok(seen.size > 1, "the race was on");
    for (const outcome of seen) {
      assert.ok(["inside", "FILE_OUTSIDE_ROOT", "FILE_NOT_FOUND", "FILE_NOT_REGULAR"].includes(outcome), outcome);
    }
  });
});

describe("PUT, where it is allowed", () => {
  test("makes a file, replaces it, and keeps its permissions", async () => {
    await using manager = await open(true);
    const file = join(root, "folder", "new.txt");
    const url = pathToFileURL(file).href;
    assert.equal((await manager.request(url, { method: "PUT", body: "first" })).status, 201);
    assert.equal(await readFile(file, "utf8"), "first");
    await chmod(file, 0o640);
    assert.equal((await manager.fetch(url, { method: "PUT", body: "second" })).status, 204);
    assert.equal(await readFile(file, "utf8"), "second");
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    assert.equal((await manager.request(url, { method: "PUT" })).status, 204);
    assert.equal(await readFile(file, "utf8"), "");
  });

  test("replaces what a link below the root leads to, and not the link", async () => {
    await writeFile(join(root, "target"), "old");
    await symlink("../target", join(root, "folder", "to-target"));
    await using manager = await open(true);
    await manager.request(urlOf("folder", "to-target"), { method: "PUT", body: "new" });
    assert.equal(await readFile(join(root, "target"), "utf8"), "new");
  });

  test("leaves the old file and nothing else when the body fails, or is given up", async () => {
    await writeFile(join(root, "folder", "kept.txt"), "kept");
    await using manager = await open(true);
    const before = await readdir(join(root, "folder"));
    const torn = (): Readable =>
      Readable.from(
        (function* (): Iterable<Buffer> {
          yield Buffer.from("half");
          throw new Error("torn");
        })(),
      );
    const url = urlOf("folder", "kept.txt");
    const error = await rejection(manager.request(url, { method: "PUT", body: torn() }), UsageError);
    assert.equal(error.code, "REQUEST_BODY_FAILED");
    const controller = new AbortController();
    const reason = new Error("enough");
    const slow = new Readable({ read: () => undefined });
    slow.push("half");
    const asked = manager.request(url, { method: "PUT", body: slow, signal: controller.signal });
    while ((await readdir(join(root, "folder"))).length === before.length)
      await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await assert.rejects(asked, reason);
    while ((await readdir(join(root, "folder"))).length > before.length)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await readFile(join(root, "folder", "kept.txt"), "utf8"), "kept");
    assert.deepEqual(await readdir(join(root, "folder")), before);
  });

  test("does not write outside, nor over what is no file, nor into what is not there, nor parts", async () => {
    await using manager = await open(true);
    const put = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
      const error = await rejection(manager.request(url, { method: "PUT", body: "x", headers }), Error);
      return isCodedError(error) ? error.code : String(error);
    };
    for (const name of [
      "escape",
      "escape-absolute",
      "escape-dangling",
      "escape-folder/new",
      "parent/outside/new",
      "device-link",
    ]) {
      assert.equal(await put(`${urlOf()}/${name}`), "FILE_OUTSIDE_ROOT", name);
    }
    for (const name of ["folder", "folder/", "pipe", "socket", ""])
      assert.equal(await put(`${urlOf()}/${name}`), "FILE_NOT_REGULAR", name);
    assert.equal(await put(urlOf("no-folder", "a")), "FILE_NOT_FOUND");
    assert.equal(await put(urlOf("new-folder/")), "FILE_NOT_FOUND");
    assert.equal(await put(urlOf("a.txt"), { "content-range": "bytes 0-0/10" }), "OPTION_INVALID");
    assert.equal(await readFile(join(place, "outside", "secret.txt"), "utf8"), SECRET);
    assert.deepEqual(await readdir(join(place, "outside")), ["secret.txt"]);
  });
});
