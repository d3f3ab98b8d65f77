import type { DownloadOptions, DownloadProgress, DownloadResult } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { failure } from "../typed-failure.ts";

const SIZE = 300_000;
const network = networkFixture();

/** What the test network's file holds. */
function content(size = SIZE, version = 0): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index + 7 * version) % 251));
}

describe("manager.download", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-download-"));
  });
  after(() => rm(folder, { recursive: true }));

  const fast = { backoffMilliseconds: 1, backoffLimitMilliseconds: 1 };

  async function download(
    target: string,
    file: string,
    { retry = fast, ...options }: DownloadOptions = {},
  ): Promise<DownloadResult> {
    await using manager = await network.open();
    return await manager.download(network.either("https") + target, join(folder, file), { retry, ...options });
  }

  async function fails(code: string, target: string, file: string, options?: DownloadOptions): Promise<unknown> {
    const error = await failure(() => download(target, file, options));
    assert.ok(isCodedError(error), String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }

  /** What is in the folder of the tests of this file and begins so, drafts included. */
  async function left(name: string): Promise<readonly string[]> {
    return (await readdir(folder)).filter((each) => each.includes(name)).sort();
  }

  const read = (file: string): Promise<Buffer> => readFile(join(folder, file));

  test("brings a file, whole, with the mode of any new file", async () => {
    const result = await download(`/file/${SIZE}`, "plain");
    assert.ok((await read("plain")).equals(content()));
    assert.deepEqual([result.bytes, result.resumedFromBytes, result.status, result.digests], [SIZE, 0, 200, {}]);
    assert.equal(result.url, `${network.either("https")}/file/${SIZE}`);
    assert.equal(result.transactions.length, 1);
    await writeFile(join(folder, "usual"), "");
    assert.equal((await stat(join(folder, "plain"))).mode, (await stat(join(folder, "usual"))).mode);
    assert.deepEqual(await left("plain"), ["plain"]);
  });

  test("brings an empty file", async () => {
    assert.equal((await download("/file/0", "empty")).bytes, 0);
    assert.equal((await read("empty")).length, 0);
  });

  test("asks for no content coding, and undoes one that comes all the same", async () => {
    network.network.clearRequests();
    assert.equal((await download("/compress/gzip", "coded")).bytes, 4096);
    assert.equal(network.network.requests[0]?.headers["accept-encoding"], "identity");
    assert.equal((await read("coded")).length, 4096);
  });

  test("takes the place of a file, keeps its mode, and follows a link to it", async () => {
    await writeFile(join(folder, "private"), "before");
    await chmod(join(folder, "private"), 0o600);
    await symlink("private", join(folder, "link"));
    await download(`/file/${SIZE}`, "link");
    assert.ok((await read("private")).equals(content()));
    assert.equal((await stat(join(folder, "private"))).mode & 0o777, 0o600);
  });

  test("goes on after each of twenty cuts", async () => {
    let seed = 20;
    const cuts = Array.from({ length: 20 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return 1 + (seed % (SIZE - 1));
    });
    const seen: DownloadProgress[] = [];
    const query = cuts.map((at) => `cut=${at}`).join("&");
    const result = await download(`/file/${SIZE}?${query}`, "cuts", { onProgress: (progress) => seen.push(progress) });
    assert.ok((await read("cuts")).equals(content()));
    assert.equal(result.transactions.length, 21);
    for (const [index, progress] of seen.entries()) {
      assert.ok(progress.receivedBytes >= (seen[index - 1]?.receivedBytes ?? 0), "progress is monotone");
      assert.deepEqual([progress.totalBytes, progress.discardedBytes], [SIZE, 0]);
    }
    assert.equal(seen.at(-1)?.receivedBytes, SIZE);
  });

  test("begins again, and never mixes, when the file changes between", async () => {
    for (const [name, query] of [
      ["If-Range fails", "cut=100000&changes=1"],
      ["If-Range is not looked at", "cut=100000&lie=other-version"],
      ["the length is another", "cut=100000&lie=total"],
    ] as const) {
      const seen: DownloadProgress[] = [];
      const result = await download(`/file/${SIZE}?${query}`, "changed", {
        onProgress: (progress) => seen.push(progress),
      }).catch((error: unknown) => error);
      if (name === "If-Range fails") {
        assert.ok((await read("changed")).equals(content(SIZE, 1)), name);
        const { totalBytes, receivedBytes, discardedBytes } = seen.at(-1) ?? {};
        assert.deepEqual([receivedBytes, totalBytes, discardedBytes], [SIZE + 100_000, SIZE + 100_000, 100_000]);
        for (const [index, progress] of seen.entries()) {
          assert.ok(progress.receivedBytes >= (seen[index - 1]?.receivedBytes ?? 0), "progress is monotone");
        }
      } else {
        // It is cut at the same place each time, and its rest is never that of the version that was begun.
        assert.ok(isCodedError(result) && result.code === "RESPONSE_TRUNCATED", name);
      }
      await rm(join(folder, "changed"), { force: true });
      assert.deepEqual(await left("changed"), [], name);
    }
  });

  test("begins again when the server knows no ranges, and gives up when it is cut each time", async () => {
    const target = `/file/${SIZE}?ranges=no&cut=100000`;
    await fails("RESPONSE_TRUNCATED", target, "no-ranges");
    assert.deepEqual(await left("no-ranges"), []);
  });
});
