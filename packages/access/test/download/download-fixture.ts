import type { DownloadOptions, DownloadProgress, DownloadResult } from "@fairlead/access";
import { isCodedError, type CodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { networkFixture, type NetworkFixture } from "../network-fixture.ts";
import { failure } from "../typed-failure.ts";

/** Bytes of the test network's file. */
export const SIZE = 300_000;

/** What the test network's file holds. */
export function content(size = SIZE, version = 0): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index + 7 * version) % 251));
}

/** Tries again without waiting. */
export const fast = { backoffMilliseconds: 0, backoffLimitMilliseconds: 0 };

/** Downloads of one file of tests, into a folder of its own. */
export interface DownloadFixture {
  readonly network: NetworkFixture;
  readonly path: (file: string) => string;
  /** By a manager of its own, over https, trying again without waiting. */
  readonly download: (target: string, file: string, options?: DownloadOptions) => Promise<DownloadResult>;
  /** The same, and has to fail so. */
  readonly fails: (code: string, target: string, file: string, options?: DownloadOptions) => Promise<CodedError>;
  readonly read: (file: string) => Promise<Buffer>;
  /** What there is that has the name in its own: the file, and drafts of it. */
  readonly left: (name: string) => Promise<readonly string[]>;
}

/** Makes the folder before the tests, and removes it after them. */
export function downloadFixture(): DownloadFixture {
  const network = networkFixture();
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-download-"));
  });
  after(() => rm(folder, { recursive: true }));
  const path = (file: string): string => join(folder, file);
  const download: DownloadFixture["download"] = async (target, file, { retry = fast, ...options } = {}) => {
    await using manager = await network.open();
    return await manager.download(network.either("https") + target, path(file), { retry, ...options });
  };
  return {
    network,
    path,
    download,
    fails: async (code, ...call) => {
      const error = await failure(() => download(...call));
      assert.ok(isCodedError(error), String(error));
      assert.equal(error.code, code, error.message);
      return error;
    },
    read: (file) => readFile(path(file)),
    left: async (name) => (await readdir(folder)).filter((each) => each.includes(name)).sort(),
  };
}

/** Says that what was told of a download never fell. */
export function assertMonotone(seen: readonly DownloadProgress[]): void {
  assert.ok(seen.length > 0, "something was told");
  for (const [index, { receivedBytes, totalBytes }] of seen.entries()) {
    assert.ok(receivedBytes >= (seen[index - 1]?.receivedBytes ?? 0), "progress never falls");
    assert.ok(receivedBytes <= (totalBytes ?? receivedBytes), "no more than there is");
  }
}
