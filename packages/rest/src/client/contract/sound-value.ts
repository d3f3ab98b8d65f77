import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { check } from "../../contract/check.ts";
import type { Schema } from "../../contract/schema.ts";

/** What a schema makes of a value that came. @throws ContentError CONTRACT_BROKEN with all that is wrong. */
export async function soundValue(schema: Schema, value: unknown, facts: ContentErrorFacts): Promise<unknown> {
  const checked = check(schema, value);
  const outcome = checked instanceof Promise ? await checked : checked;
  if (outcome.type === "sound") return outcome.value;
  throw new ContentError("CONTRACT_BROKEN", { ...facts, issues: outcome.issues });
}
