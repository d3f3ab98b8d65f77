import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { fileLimitBytes, FileTree } from "../../../src/services/files/file-tree.ts";

describe("FileTree", () => {
  let files: FileTree;
  beforeEach(() => {
    files = new FileTree(() => 0);
  });

  test("links lead on, and to nothing where they go round or end nowhere", () => {
    assert.equal(files.find("/link")?.type, "file");
    assert.equal(files.find("/link", { keepLast: true })?.type, "link");
    assert.equal(files.find("/dangling"), undefined);
  });

  test("nothing is above the root", () => {
    assert.equal(files.find("/../../README.txt"), files.find("/README.txt"));
    assert.equal(files.write("/../../etc", Buffer.from("x")), undefined);
    assert.equal(files.find("/etc")?.type, "file");
  });

  test("files, their number and their sum are bounded, and what is removed makes room", () => {
    const large = Buffer.alloc(fileLimitBytes);
    assert.equal(files.write("/a", Buffer.alloc(fileLimitBytes + 1)), "full");
    assert.deepEqual(
      ["/a", "/b", "/c", "/d", "/e"].map((path) => files.write(path, large)),
      [undefined, undefined, undefined, undefined, "full"],
    );
    assert.equal(files.remove("/a"), undefined);
    assert.equal(files.write("/e", large), undefined);
    const made = Array.from({ length: 1100 }, (_, index) => files.makeFolder(`/n${index}`));
    assert.equal(made[0], undefined);
    assert.equal(made.at(-1), "full");
  });

  test("a folder is removed when it is empty, and never moved below itself", () => {
    assert.equal(files.remove("/deep", "folder"), "exists");
    assert.equal(files.remove("/deep"), "wrong-kind");
    assert.equal(files.rename("/deep", "/deep/a/inner"), "wrong-kind");
    assert.equal(files.rename("/deep", "/incoming/deep"), undefined);
    assert.equal(files.find("/incoming/deep/a/b/c/d/file.txt")?.type, "file");
    assert.equal(files.rename("/nothing", "/x"), "absent");
    assert.equal(files.write("/nowhere/x", Buffer.alloc(0)), "absent");
  });
});
