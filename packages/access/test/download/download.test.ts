import type { DownloadProgress } from "@fairlead/access";
import assert from "node:assert/strict";
import { chmod, rm, stat, symlink, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { assertMonotone, content, downloadFixture, SIZE } from "./download-fixture.ts";

describe("manager.download", () => {
  const { network, path, download, fails, read, left } = downloadFixture();

  test("brings a file, whole, with the mode of any new file", async () => {
    const result = await download(`/file/${String(SIZE)}`, "plain");
    assert.ok((await read("plain")).equals(content()));
    assert.deepEqual([result.bytes, result.resumedFromBytes, result.status, result.digests], [SIZE, 0, 200, {}]);
    assert.equal(result.url, `${network.either("https")}/file/${String(SIZE)}`);
    assert.equal(result.transactions.length, 1);
    await writeFile(path("usual"), "");
    assert.equal((await stat(path("plain"))).mode, (await stat(path("usual"))).mode);
    assert.deepEqual(await left("plain"), ["plain"]);
  });

  test("brings an empty file, and one whose length nobody says", async () => {
    assert.equal((await download("/file/0", "empty")).bytes, 0);
    assert.equal((await read("empty")).length, 0);
    const seen: DownloadProgress[] = [];
    await download("/length/none", "unsaid", { onProgress: (progress) => seen.push(progress) });
    assert.equal((await read("unsaid")).toString(), "ends here\n");
    assert.deepEqual(
      seen.map(({ totalBytes }) => totalBytes),
      [undefined],
    );
  });

  test("asks for no content coding, and undoes one that comes all the same; asks for a digest, too", async () => {
    network.network.clearRequests();
    await download("/compress/gzip", "coded");
    const { headers } = network.network.requests[0] ?? assert.fail("nothing was asked");
    assert.equal(headers["accept-encoding"], "identity");
    assert.equal(headers["want-repr-digest"], "sha-256=10, sha-512=9");
    await download("/compress/identity", "uncoded");
    assert.ok((await read("coded")).equals(await read("uncoded")));
  });

  test("tells no cache on the way to look past what it has, and keeps nothing in its own", async () => {
    network.network.clearRequests();
    await using manager = await network.open();
    const url = `${network.either("https")}/file/1000`;
    await manager.download(url, path("uncached"));
    await manager.download(url, path("uncached"));
    const asked = network.network.requests.map(({ headers }) => [headers["cache-control"], headers["pragma"]]);
    assert.deepEqual(asked, [
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test("takes the place of a file, keeps its mode, and follows a link to it", async () => {
    await writeFile(path("private"), "before");
    await chmod(path("private"), 0o600);
    await symlink("private", path("link"));
    await download(`/file/${String(SIZE)}`, "link");
    assert.ok((await read("private")).equals(content()));
    assert.equal((await stat(path("private"))).mode & 0o777, 0o600);
  });

  test("goes on after each of twenty cuts", async () => {
    let seed = 20;
    const cuts = Array.from({ length: 20 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return 1 + (seed % (SIZE - 1));
    });
    const seen: DownloadProgress[] = [];
    const query = cuts.map((at) => `cut=${String(at)}`).join("&");
    for (const validator of ["etag", "date"]) {
      const target = `/file/${String(SIZE)}?validator=${validator}&${query}`;
      const result = await download(target, "cuts", { onProgress: (progress) => seen.push(progress) });
      assert.ok((await read("cuts")).equals(content()));
      assert.equal(result.transactions.length, 21);
      assertMonotone(seen);
      const { receivedBytes, discardedBytes } = seen.at(-1) ?? {};
      assert.deepEqual([receivedBytes, discardedBytes], [SIZE, 0]);
      seen.length = 0;
    }
  });

  test("begins again when the file has changed between", async () => {
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress): unknown => seen.push(progress);
    await download(`/file/${String(SIZE)}?cut=100000&changes=1`, "changed", { onProgress });
    assert.ok((await read("changed")).equals(content(SIZE, 1)));
    assertMonotone(seen);
    const { receivedBytes, totalBytes, discardedBytes } = seen.at(-1) ?? {};
    assert.deepEqual([receivedBytes, totalBytes, discardedBytes], [SIZE + 100_000, SIZE + 100_000, 100_000]);
  });

  for (const [what, query] of [
    ["does not look at If-Range, and sends a part of another version", "lie=other-version"],
    ["sends a part of another whole", "lie=total"],
    ["knows no ranges", "ranges=no"],
    ["has no validator", "validator=none"],
    ["has a weak validator", "validator=weak"],
  ] as const) {
    test(`never puts two versions together: a server that ${what}`, async () => {
      // It is cut at the same place each time, and what is left of it is nobody's.
      const target = `/file/${String(SIZE)}?cut=100000&${query}`;
      await fails("RESPONSE_TRUNCATED", target, "versions", { resume: true });
      assert.ok(!(await left("versions")).includes("versions"), "nothing is there under its name");
      await rm(path(".versions.part"), { recursive: true, force: true });
    });
  }

  test("takes a file from a server whose parts do not say how long the whole is", async () => {
    await download(`/file/${String(SIZE)}?cut=100000&lie=no-end`, "endless");
    assert.ok((await read("endless")).equals(content()));
  });
});
