import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { createWorld, type TestWorld } from "../test-world.ts";

interface Archive {
  readonly log: {
    readonly creator: { readonly name: string };
    readonly entries: readonly {
      readonly request: { readonly url: string; readonly headers: readonly { name: string; value: string }[] };
      readonly response: { readonly status: number; readonly _error?: string };
    }[];
  };
}

describe("fairlead get --har", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  const read = async (path: string): Promise<Archive["log"]> =>
    (JSON.parse(await readFile(path, "utf8")) as Archive).log;

  test("writes every hop to a file that is its owner's alone, secrets redacted", async () => {
    const path = world.user.path("hops.har");
    const secret = ["-H", "Authorization: Bearer s3cret", "-H", "X-A: 1"];
    const url = world.url("https", "/redirect/302?to=/echo&access_token=s3cret");
    const { exitCode, stderr } = await world.get(["--har", path, ...secret, url]);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    const { creator, entries } = await read(path);
    assert.equal(creator.name, "fairlead");
    assert.deepEqual(
      entries.map(({ response }) => response.status),
      [302, 200],
    );
    const fields = entries[1]?.request.headers.filter(({ name }) => /^(?:authorization|x-a)$/i.test(name));
    assert.deepEqual(
      fields?.map(({ value }) => value),
      ["Bearer REDACTED", "1"],
    );
    assert.ok(!(await readFile(path, "utf8")).includes("s3cret"));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test("also when the request failed, in the place of what was there", async () => {
    const path = world.user.path("failed.har");
    await writeFile(path, "earlier", { mode: 0o644 });
    const { exitCode } = await world.get(["--har", path, "http://127.0.0.1:1/"]);
    assert.notEqual(exitCode, 0);
    const { entries } = await read(path);
    assert.equal(entries[0]?.response._error, "CONNECTION_REFUSED");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test("asks nobody when the file cannot be written", async () => {
    world.network.clearRequests();
    const path = world.user.path("no/such/folder.har");
    const { exitCode, stderr } = await world.get(["--har", path, world.url("https", "/echo")]);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /folder\.har/);
    assert.equal(world.network.requests.length, 0);
  });

  test("needs the name of a file", async () => {
    for (const path of ["", "-"]) {
      const { exitCode, stderr } = await world.get(["--har", path, world.url("https", "/echo")]);
      assert.notEqual(exitCode, 0);
      assert.match(stderr, /--har needs the name of a file/);
    }
  });
});
