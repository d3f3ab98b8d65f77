import { UsageError, type ContentIssue } from "@fairlead/core";
import { check } from "../../contract/check.ts";
import type { Schema } from "../../contract/schema.ts";

/**
 * Has what is sent keep to its schema.
 *
 * @param what names it in the error.
 * @throws UsageError OPTION_INVALID with all that is wrong.
 */
export async function requireSound(schema: Schema, value: unknown, what: string): Promise<void> {
  const checked = check(schema, value);
  const outcome = checked instanceof Promise ? await checked : checked;
  if (outcome.type === "sound") return;
  throw new UsageError("OPTION_INVALID", { operation: "call", detail: `${what}: ${issuesText(outcome.issues)}` });
}

function issuesText(issues: readonly ContentIssue[]): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
}
