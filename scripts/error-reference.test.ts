import assert from "node:assert/strict";
import { test } from "node:test";
import * as core from "@fairlead/core";
import { errorReference } from "./error-reference.ts";

test("the error reference has a line for every code of every class", () => {
  const reference = errorReference();
  for (const [name, table] of Object.entries(core)) {
    if (!/(?:Error|Problem)Codes$/.test(name)) continue;
    for (const [code, entry] of Object.entries(table as Record<string, core.ErrorCodeEntry>)) {
      assert(reference.includes(`\`${code}\` | ${entry.what} | ${entry.remedy} |`), code);
    }
  }
});
