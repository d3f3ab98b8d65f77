import { startPeer } from "@fairlead/conformance/peers";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, link, lstat, mkdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { failure } from "../typed-failure.ts";
import { content, downloadFixture, SIZE } from "./download-fixture.ts";

const program = fileURLToPath(new URL("../programs/download-file.ts", import.meta.url));
const target = `/file/${String(SIZE)}`;

describe("a download with resume", () => {
  const { network, path, download, fails, read, left } = downloadFixture();

  /** Leaves the first bytes of a download, and returns where. */
  async function leave(file: string, query = "", bytes = 100_000): Promise<string> {
    await fails("RESPONSE_TRUNCATED", `${target}?cut=${String(bytes)}${query}`, file, { resume: true, retry: false });
    assert.deepEqual(await left(file), [`.${file}.part`], "nothing is there under its name");
    return path(`.${file}.part`);
  }

  test("goes on with what an earlier call left", async () => {
    await leave("left");
    network.network.clearRequests();
    const { resumedFromBytes, status } = await download(`${target}?cut=100000`, "left", { resume: true });
    assert.ok((await read("left")).equals(content()));
    // The last byte is asked for once more.
    assert.deepEqual([resumedFromBytes, status], [99_999, 206]);
    const [asked] = network.network.requests;
    assert.deepEqual([asked?.headers["range"], asked?.headers["if-range"]], ["bytes=99999-", '"v0"']);
    assert.deepEqual(await left("left"), ["left"]);
  });

  test("keeps to itself what it leaves, and no secret of the URL", async () => {
    const draft = await leave("secret", "&token=s3cr3t");
    assert.equal((await stat(draft)).mode & 0o777, 0o700);
    assert.equal((await stat(`${draft}/record`)).mode & 0o777, 0o600);
    const record = await readFile(`${draft}/record`, "utf8");
    assert.ok(!/s3cr3t|fairlead\.test|https?:/.test(record), record);
  });

  test("begins anew without it, and removes what was left", async () => {
    await leave("anew");
    assert.equal((await download(`${target}?cut=100000`, "anew")).resumedFromBytes, 0);
    assert.deepEqual(await left("anew"), ["anew"]);
  });

  test("begins anew where the file has changed since", async () => {
    await leave("since", "&changes=1");
    const { resumedFromBytes } = await download(`${target}?cut=100000&changes=1`, "since", { resume: true });
    assert.equal(resumedFromBytes, 0);
    assert.ok((await read("since")).equals(content(SIZE, 1)));
  });

  test("begins anew where another URL is asked for, and where what was left is broken", async () => {
    await leave("other");
    assert.equal((await download(`${target}?version=1`, "other", { resume: true })).resumedFromBytes, 0);
    assert.ok((await read("other")).equals(content(SIZE, 1)));
    for (const broken of ["", "{", '{"version":1}', "null", '{"version":2}']) {
      await rm(path("other"));
      await writeFile(`${await leave("other")}/record`, broken);
      assert.equal((await download(`${target}?cut=100000`, "other", { resume: true })).resumedFromBytes, 0, broken);
      assert.ok((await read("other")).equals(content()));
    }
  });

  test("believes no more of a draft than is there", async () => {
    const draft = await leave("shorter");
    await truncate(`${draft}/content`, 5_000);
    const { resumedFromBytes } = await download(`${target}?cut=100000`, "shorter", { resume: true });
    assert.equal(resumedFromBytes, 4_999);
    assert.ok((await read("shorter")).equals(content()));
  });

  test("verifies what an earlier call has written, too", async () => {
    const draft = await leave("damaged");
    const bytes = await readFile(`${draft}/content`);
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    await writeFile(`${draft}/content`, bytes);
    const digest = { "sha-256": createHash("sha256").update(content()).digest() };
    await fails("DIGEST_MISMATCH", `${target}?cut=100000`, "damaged", { resume: true, digest });
    assert.deepEqual(await left("damaged"), []);
  });

  test("does not go on with what another user may have laid there", async () => {
    const draft = await leave("trap");
    await rm(draft, { recursive: true });
    await mkdir(draft, { mode: 0o777 });
    await chmod(draft, 0o777);
    await writeFile(`${draft}/content`, "planted");
    assert.equal((await download(target, "trap", { resume: true })).resumedFromBytes, 0);
    assert.ok((await read("trap")).equals(content()));
    await rm(draft, { recursive: true });
    await symlink(path("elsewhere"), draft);
    await mkdir(path("elsewhere"), { mode: 0o700 });
    await writeFile(path("elsewhere/content"), "not to be removed");
    await download(target, "trap", { resume: true });
    assert.equal((await read("elsewhere/content")).toString(), "not to be removed");
  });

  test("goes on with nothing that is a link, a pipe or another's file, as an archive may have unpacked it", async () => {
    await writeFile(path("mine"), "not to be written to");
    const plant: Readonly<Record<string, (draft: string) => Promise<unknown>>> = {
      "a link": (draft) => symlink(path("mine"), `${draft}/content`),
      "a second name": (draft) => link(path("mine"), `${draft}/content`),
      "a folder": (draft) => mkdir(`${draft}/content`),
      "a pipe": async (draft) => {
        await rm(`${draft}/record`);
        await promisify(execFile)("mkfifo", [`${draft}/record`, `${draft}/content`]);
      },
      "a long record": async (draft) => {
        await truncate(`${draft}/record`, 2 ** 30);
        await writeFile(`${draft}/content`, "");
      },
    };
    for (const [what, lay] of Object.entries(plant)) {
      const draft = await leave("unpacked");
      await rm(`${draft}/content`);
      await lay(draft);
      assert.equal((await download(target, "unpacked", { resume: true })).resumedFromBytes, 0, what);
      assert.ok((await read("unpacked")).equals(content()), what);
      assert.ok((await lstat(path("unpacked"))).isFile(), what);
      assert.equal((await read("mine")).toString(), "not to be written to", what);
      await rm(path("unpacked"));
      await rm(draft, { recursive: true, force: true });
    }
  });

  test("removes no folder that happens to have the name of a draft", async () => {
    await mkdir(path(".mine.part"), { mode: 0o700 });
    await writeFile(path(".mine.part/letter"), "not a draft");
    await download(target, "mine");
    assert.equal((await read(".mine.part/letter")).toString(), "not a draft");
    // And nothing can be kept in its place.
    await fails("RESPONSE_TRUNCATED", `${target}?cut=100000`, "mine", { resume: true, retry: false });
    assert.deepEqual(await left("mine"), [".mine.part", "mine"]);
  });

  test("is refused while another writes to the file, and takes over from one that has ended", async () => {
    await using manager = await network.open();
    const ending = new AbortController();
    const begun = Promise.withResolvers<undefined>();
    const first = failure(() =>
      manager.download(`${network.either("https")}/stall/body?after=10&of=100`, path("busy"), {
        signal: ending.signal,
        onProgress: () => {
          begun.resolve(undefined);
        },
      }),
    );
    await begun.promise;
    const error = await fails("FILE_IN_USE", target, "busy", { resume: true });
    assert.match(error.message, /busy: another download to this file is under way; wait/);
    ending.abort();
    await first;
    await download(target, "busy", { resume: true });

    // Of a process that was killed; its number may be that of another now.
    const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    for (const owner of [`${String(process.pid)}-1-${machine}`, `4194305-77-${machine}`]) {
      await mkdir(path(`.busy.${owner}.part`), { mode: 0o700 });
      await download(target, "busy");
      assert.deepEqual(await left("busy"), ["busy"]);
    }
    // Of another machine, which may be at work; the system's clock is all that tells.
    await mkdir(path(".busy.5-5-00000000.part"), { mode: 0o700 });
    await fails("FILE_IN_USE", target, "busy");
  });

  test("of two that begin at the same moment, at most one goes on", async () => {
    await using manager = await network.open();
    const url = network.either("https") + target;
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => manager.download(url, path("race"))));
    const won = outcomes.filter(({ status }) => status === "fulfilled");
    assert.equal(won.length, 1);
    assert.ok((await read("race")).equals(content()));
    assert.deepEqual(await left("race"), ["race"]);
  });

  for (const parallel of [1, 3]) {
    test(`is whole or not there whenever its process is killed (${String(parallel)} at once)`, async () => {
      const size = 12_000_000;
      const name = `killed-${String(parallel)}`;
      const url = `${network.either("http", "127.0.0.1")}/file/${String(size)}?every=1`;
      let seed = 5;
      for (let round = 1; round <= 3; round += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        const until = String(round * 2_000_000 + (seed % 2_000_000));
        const parameters = ["--conditions=source", program, url, path(name), String(parallel), until];
        await using child = await startPeer(process.execPath, parameters);
        await child.says(/there/);
        process.kill(child.pid, "SIGKILL");
        await child.ended();
        assert.ok(!(await left(name)).includes(name), "nothing is there under its name");
      }
      await using manager = await network.open();
      const { resumedFromBytes } = await manager.download(url, path(name), { resume: true });
      assert.ok(resumedFromBytes > 0, String(resumedFromBytes));
      assert.ok((await read(name)).equals(content(size)));
      assert.deepEqual(await left(name), [name]);
    });
  }
});
