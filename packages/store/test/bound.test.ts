import { openStore } from "@fairlead/store";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const maxEntries = 4;
const key = fc.integer({ min: 0, max: 9 }).map((number) => `key-${String(number)}`);
const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ type: fc.constant("set" as const), key }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("delete" as const), key }) },
    { weight: 1, arbitrary: fc.constant({ type: "clear" as const }) },
  ),
  { maxLength: 60 },
);

test("past the bound what was written longest ago goes, whatever was written, deleted and cleared before", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await using store = await openStore("memory:");
      const collection = store.collection("things", { maxEntries, secret: false });
      let expected: string[] = [];
      for (const step of taken) {
        switch (step.type) {
          case "set":
            collection.set(step.key, new Uint8Array());
            expected = [...expected.filter((other) => other !== step.key), step.key].slice(-maxEntries);
            break;
          case "delete":
            collection.delete(step.key);
            expected = expected.filter((other) => other !== step.key);
            break;
          case "clear":
            collection.clear();
            expected = [];
            break;
        }
        assert.deepEqual(
          Array.from(collection.entries(), (record) => record.key),
          expected,
        );
      }
    }),
  );
});
