import type { DownloadProgress } from "@fairlead/access";
import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertMonotone, content, downloadFixture } from "./download-fixture.ts";

const LARGE = 6_000_000;
const target = `/file/${String(LARGE)}`;
const digest = { "sha-256": createHash("sha256").update(content(LARGE)).digest() };

describe("a download over several connections", () => {
  const { network, download, fails, read, left } = downloadFixture();

  /** The ranges that were asked for, by connection. */
  function asked(): readonly (readonly [connection: number, range: unknown, ifRange: unknown])[] {
    return network.network.requests.map(({ connection, headers }) => [
      connection,
      headers["range"],
      headers["if-range"],
    ]);
  }

  test("asks for parts of one version, several at a time", async () => {
    network.network.clearRequests();
    const seen: DownloadProgress[] = [];
    const { transactions } = await download(target, "parts", {
      parallel: 3,
      digest,
      onProgress: (progress) => seen.push(progress),
    });
    assert.ok((await read("parts")).equals(content(LARGE)));
    assertMonotone(seen);
    assert.equal(seen.at(-1)?.receivedBytes, LARGE);
    const requests = asked();
    assert.deepEqual(requests[0]?.slice(1), ["bytes=0-1048575", undefined], "the first part says what there is");
    assert.ok(requests.slice(1).every(([, range, ifRange]) => typeof range === "string" && ifRange === '"v0"'));
    assert.equal(new Set(requests.map(([connection]) => connection)).size, 3);
    assert.equal(transactions.length, requests.length);
  });

  test("takes what is no larger than the first part by it alone", async () => {
    network.network.clearRequests();
    await download("/file/1000", "small", { parallel: 3 });
    assert.equal(asked().length, 1);
    assert.equal((await download("/file/0", "none", { parallel: 3 })).bytes, 0);
  });

  test("takes the whole from a server that knows no ranges", async () => {
    network.network.clearRequests();
    await download(`${target}?ranges=no`, "no-ranges", { parallel: 3, digest });
    assert.equal(asked().length, 1);
  });

  test("goes on after cuts", async () => {
    const cuts = [500_000, 1_200_000, 2_500_000, 2_600_000, 5_999_999];
    const query = cuts.map((at) => `cut=${String(at)}`).join("&");
    await download(`${target}?${query}`, "cuts", { parallel: 4, digest });
    assert.deepEqual(await left("cuts"), ["cuts"]);
  });

  test("begins again as a whole when the version changes between two parts", async () => {
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress): unknown => seen.push(progress);
    await download(`${target}?changes=3000000`, "changed", { parallel: 3, digest, onProgress });
    assertMonotone(seen);
    assert.ok((seen.at(-1)?.discardedBytes ?? 0) > 0);
  });

  test("takes the whole where parts have no validator to hold them together", async () => {
    await download(`${target}?validator=none`, "unheld", { parallel: 3, digest });
  });

  test("ends for all when one part is wrong", async () => {
    await fails("RANGE_INVALID", `${target}?lie=coding`, "wrong", { parallel: 3 });
    assert.deepEqual(await left("wrong"), []);
  });

  test("leaves what has come, with its gaps, and goes on with that", async () => {
    const query = "cut=1100000&cut=2000000";
    await fails("RESPONSE_TRUNCATED", `${target}?${query}`, "gaps", { parallel: 3, resume: true, retry: false });
    assert.deepEqual(await left("gaps"), [".gaps.part"]);
    for (const parallel of [1, 3]) {
      const options = { parallel, resume: true, retry: false, digest } as const;
      if (parallel === 1) await fails("RESPONSE_TRUNCATED", `${target}?${query}`, "gaps", options);
      else
        assert.ok(
          (await download(`${target}?${query}`, "gaps", { ...options, retry: {} })).resumedFromBytes > 1_000_000,
        );
    }
    assert.ok((await read("gaps")).equals(content(LARGE)));
  });
});
