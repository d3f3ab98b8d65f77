import { StoreError } from "@fairlead/core";
import { openPreloadList } from "@fairlead/hsts-preload";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { sealPreloadList } from "../src/open-preload-list.ts";
import { encodePreloadList } from "../src/protocol/encode.ts";

const directory = mkdtempSync(join(tmpdir(), "fairlead-preload-"));
after(() => {
  rmSync(directory, { recursive: true });
});

function written(bytes: Uint8Array): string {
  const file = join(directory, "list.bin");
  writeFileSync(file, bytes);
  return file;
}

function refusal(file: string): StoreError {
  try {
    openPreloadList(file);
  } catch (error) {
    assert(error instanceof StoreError);
    assert.equal(error.code, "PRELOAD_LIST_UNUSABLE");
    assert(error.message.includes(file), error.message);
    return error;
  }
  return assert.fail("it was opened");
}

const small = sealPreloadList(encodePreloadList([["a.example", { includeSubDomains: true }]]));

describe("opening a list", () => {
  test("takes another file than the shipped one", () => {
    assert.deepEqual(openPreloadList(written(small)).find("a.example"), { includeSubDomains: true });
  });

  test("refuses a file that is not there, and says why", () => {
    const { cause } = refusal(join(directory, "none.bin"));
    assert.equal((cause as NodeJS.ErrnoException).code, "ENOENT");
  });

  test("refuses every single bit that has turned, and every length but its own", () => {
    for (let bit = 0; bit < small.length * 8; bit++) {
      refusal(written(small.with(bit >> 3, (small[bit >> 3] ?? 0) ^ (1 << (bit & 7)))));
    }
    for (let length = 0; length < small.length; length++) refusal(written(small.subarray(0, length)));
    refusal(written(Uint8Array.of(...small, 0)));
  });

  test("refuses what is no list although its digest is right", () => {
    assert.match(refusal(written(sealPreloadList(new Uint8Array(40)))).message, /it is no such list/);
  });

  test("refuses the shipped file with a byte changed anywhere", () => {
    const whole = readFileSync(new URL("../data/hsts-preload.bin", import.meta.url));
    for (let at = 5; at < whole.length; at += 100_003) refusal(written(whole.with(at, (whole[at] ?? 0) ^ 1)));
  });
});
