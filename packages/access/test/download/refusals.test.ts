import { ProtocolError } from "@fairlead/core";
import { transactionOf } from "@fairlead/access";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { failure } from "../typed-failure.ts";
import { content, downloadFixture, SIZE } from "./download-fixture.ts";

const target = `/file/${String(SIZE)}`;
const right = createHash("sha256").update(content()).digest();
const wrong = createHash("sha256").update("something else").digest();

describe("a download is refused, and nothing is there under its name, when", () => {
  const { network, path, download, fails, left } = downloadFixture();

  for (const lie of ["another-range", "longer", "multipart", "coding", "no-content-range"] as const) {
    test(`the server's part is wrong: ${lie}`, async () => {
      const code = lie === "longer" ? "RESPONSE_LENGTH_EXCEEDED" : "RANGE_INVALID";
      const error = await fails(code, `${target}?cut=100000&lie=${lie}`, "lie", { resume: true });
      assert.ok(error instanceof ProtocolError);
      assert.deepEqual(await left("lie"), []);
    });
  }

  test("the server's part is shorter than it says each time", async () => {
    // Ten bytes are missing of each part, until ten and then none are left.
    await fails("RESPONSE_TRUNCATED", `${target}?cut=100000&lie=shorter`, "shorter");
    assert.deepEqual(await left("shorter"), []);
  });

  test("the length is longer than what comes", async () => {
    await fails("RESPONSE_TRUNCATED", "/length/short", "short");
    assert.deepEqual(await left("short"), []);
  });

  test("the digest is wrong, whoever named it", async () => {
    const error = await fails("DIGEST_MISMATCH", target, "digest", { digest: { "sha-256": wrong }, resume: true });
    assert.equal(transactionOf(error)?.hops.at(-1)?.status, 200, "it leads to what was asked");
    await fails("DIGEST_MISMATCH", `${target}?digest=wrong`, "digest", { resume: true });
    await fails("DIGEST_MISMATCH", `${target}?digest=wrong`, "digest", { digest: { "sha-256": right } });
    // The server says that it is the part that was asked for, and it is not.
    await fails("DIGEST_MISMATCH", `${target}?cut=100000&lie=first&digest=yes`, "digest", { resume: true });
    assert.deepEqual(await left("digest"), []);
  });

  test("but not when it is right: it is told in the result", async () => {
    const sha512 = createHash("sha512").update(content()).digest();
    for (const digest of [right, right.toString("hex"), right.toString("base64")]) {
      const { digests } = await download(`${target}?cut=100000&digest=yes`, "verified", {
        digest: { "sha-256": digest, "sha-512": sha512 },
      });
      assert.deepEqual(digests, { "sha-256": right.toString("hex"), "sha-512": sha512.toString("hex") });
    }
    assert.deepEqual((await download(`${target}?digest=yes`, "verified")).digests, {
      "sha-256": right.toString("hex"),
    });
  });

  test("the status is no success, which the error tells", async () => {
    const error = await fails("STATUS_UNEXPECTED", "/status/404", "status");
    assert.equal((error as { status?: number }).status, 404);
    await fails("STATUS_UNEXPECTED", "/status/503", "status");
    assert.deepEqual(await left("status"), []);
    const { status } = await download("/status/404", "status", { acceptStatus: () => true });
    assert.equal(status, 404);
  });

  test("it is larger than its limit, said or not", async () => {
    await fails("BODY_LIMIT", target, "limit", { limitBytes: SIZE - 1, resume: true });
    await fails("BODY_LIMIT", "/length/none", "limit", { limitBytes: 5 });
    await fails("BODY_LIMIT", "/compress/gzip", "limit", { limitBytes: 4095 });
    assert.deepEqual(await left("limit"), []);
    await download(target, "limit", { limitBytes: SIZE });
  });

  test("the disk is full", async () => {
    await fails("FILE_NO_SPACE", target, "../../../dev/full");
    if (process.getuid?.() !== 0) return;
    const disk = path("disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", disk]);
    try {
      const error = await fails("FILE_NO_SPACE", target, "disk/file", { resume: true });
      assert.match(error.message, /^write .*disk\/file: the disk, or the quota, is full; make room/);
      // What has come stays, for when there is room.
      assert.deepEqual(await left("disk"), ["disk"]);
      execFileSync("mount", ["-o", "remount,size=1m", disk]);
      const { resumedFromBytes } = await download(target, "disk/file", { resume: true });
      assert.ok(resumedFromBytes > 0);
    } finally {
      execFileSync("umount", [disk]);
    }
    await rm(disk, { recursive: true });
  });

  test("the file cannot be", async () => {
    await mkdir(path("folder"));
    await fails("FILE_NOT_REGULAR", target, "folder");
    await fails("FILE_NOT_FOUND", target, "nowhere/file");
    await writeFile(path("flat"), "");
    await fails("FILE_NOT_FOUND", target, "flat/file");
    if (process.getuid?.() === 0) return;
    await chmod(path("folder"), 0o500);
    await fails("FILE_ACCESS_DENIED", target, "folder/file");
  });

  test("an option cannot be", async () => {
    for (const options of [
      { parallel: 0 },
      { parallel: 1.5 },
      { limitBytes: Number.NaN },
      { digest: { "sha-256": "abc" } },
      { digest: { md5: "abc" } },
      { headers: { range: "bytes=0-5" } },
      { retry: { attempts: 0 } },
    ]) {
      await fails("OPTION_INVALID", target, "option", options);
    }
    await fails("OPTION_INVALID", target, "../../../dev/null", { digest: { "sha-256": right } });
    assert.deepEqual(await left("option"), []);
  });

  test("it is given up: by the caller, a deadline, whoever is told of it, and the manager's end", async () => {
    const stalled = "/stall/body?after=10&of=100";
    const reason = new Error("enough");
    const ending = new AbortController();
    const given = failure(() =>
      download(stalled, "ended", {
        signal: ending.signal,
        onProgress: () => {
          ending.abort(reason);
        },
      }),
    );
    assert.equal(await given, reason);
    await fails("TIMED_OUT", stalled, "ended", { timeoutMilliseconds: 50 });
    await fails("TIMED_OUT", stalled, "ended", { timeouts: { body: 20 } });
    const told = await failure(() =>
      download(target, "ended", {
        onProgress: () => {
          throw reason;
        },
      }),
    );
    assert.equal(told, reason);

    await using manager = await network.open();
    const begun = Promise.withResolvers<undefined>();
    const destroyed = failure(() =>
      manager.download(network.either("https") + stalled, path("ended"), {
        onProgress: () => {
          begun.resolve(undefined);
        },
      }),
    );
    await begun.promise;
    await manager.destroy(reason);
    assert.equal(await destroyed, reason);
    assert.deepEqual(await left("ended"), []);
  });

  test("the manager is closed, which waits for a download that has begun, its later attempts included", async () => {
    const manager = await network.open();
    const url = `${network.either("https")}${target}?cut=100000&cut=200000`;
    const begun = Promise.withResolvers<undefined>();
    const download = manager.download(url, path("closing"), {
      onProgress: () => {
        begun.resolve(undefined);
      },
    });
    await begun.promise;
    await manager.close();
    assert.equal((await download).bytes, SIZE);
    const error = await failure(() => manager.download(url, path("closed")));
    assert.equal((error as { code?: string }).code, "MANAGER_CLOSED");
  });
});
