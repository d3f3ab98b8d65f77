import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { check } from "../../src/contract/index.ts";

test("a value that is wrong all over is told of in a thousand places, and no more", async () => {
  const checked = await check(
    z.array(z.string()),
    Array.from({ length: 5_000 }, () => 1),
  );
  assert.equal(checked.type === "faulty" && checked.issues.length, 1_000);
});
