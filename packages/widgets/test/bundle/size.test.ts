import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../../../bench/widgets-bundle.ts";

test("all widgets with Lit come to less than 60 KiB compressed, and what is not needed at once comes later", async () => {
  const { claims } = await run();
  assert.deepEqual(
    claims.filter(({ holds }) => !holds),
    [],
  );
  assert.ok((claims.at(-1)?.value ?? 0) > 0, "Arabic is no file of its own");
});
