import assert from "node:assert/strict";
import { access, readFile, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { WrittenFiles } from "../../src/testserver/written-files.ts";
import { createUser, type TestUser } from "../child.ts";

describe("files of a running command", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  test("go when it ends, with the directory of a temporary one", async () => {
    const files = new WrittenFiles();
    const paths = [user.path("manifest.json"), await files.temporary("ca.pem")];
    for (const path of paths) await files.write(path, () => writeFile(path, "mine"));
    for (const path of paths) await access(path);
    await files[Symbol.asyncDispose]();
    for (const path of paths) await assert.rejects(access(path), { code: "ENOENT" });
  });

  test("stay where a second command has written its own since", async () => {
    const path = user.path("network.json");
    const first = new WrittenFiles();
    await first.write(path, () => writeFile(path, "of the first"));
    const second = new WrittenFiles();
    await second.write(path, () => writeFile(path, "of the second"));
    await first[Symbol.asyncDispose]();
    assert.equal(await readFile(path, "utf8"), "of the second");
    await second[Symbol.asyncDispose]();
    await assert.rejects(access(path), { code: "ENOENT" });
  });
});
