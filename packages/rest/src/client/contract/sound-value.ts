import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { check } from "../../contract/check.ts";
import { checkRecord } from "../../contract/check-record.ts";
import type { Checked } from "../../contract/content.ts";
import type { FormRecord } from "../../contract/protocol/form-record.ts";
import type { Schema } from "../../contract/schema.ts";

/** What a schema makes of a value that came. @throws ContentError CONTRACT_BROKEN with all that is wrong. */
export async function soundValue(schema: Schema, value: unknown, facts: ContentErrorFacts): Promise<unknown> {
  return soundOutput(check(schema, value), facts);
}

/** What a schema makes of a form that came. @throws ContentError CONTRACT_BROKEN with all that is wrong. */
export async function soundRecord(
  schema: Schema,
  record: FormRecord<unknown>,
  facts: ContentErrorFacts,
): Promise<unknown> {
  return soundOutput(checkRecord(schema, record), facts);
}

async function soundOutput(
  checked: Checked<unknown> | Promise<Checked<unknown>>,
  facts: ContentErrorFacts,
): Promise<unknown> {
  const outcome = checked instanceof Promise ? await checked : checked;
  if (outcome.type === "sound") return outcome.value;
  throw new ContentError("CONTRACT_BROKEN", { ...facts, issues: outcome.issues });
}
