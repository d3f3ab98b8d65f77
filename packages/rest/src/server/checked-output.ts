import { isDeepStrictEqual } from "node:util";
import { check } from "../contract/check.ts";
import type { Checked } from "../contract/content.ts";
import type { Schema } from "../contract/schema.ts";
import { withoutDropped } from "./protocol/without-dropped.ts";

/**
 * Checks a value that is to be written, and gives what is written: the value as it was given, since whoever reads it has the
 * same schema, but without the members that the schema drops. So a record out of a database tells no more than the contract.
 */
export function checkOutput(schema: Schema, given: unknown): Checked<unknown> | Promise<Checked<unknown>> {
  const checked = check(schema, given);
  if (checked instanceof Promise) return checked.then((late) => asWritten(schema, given, late));
  return asWritten(schema, given, checked);
}

function asWritten(
  schema: Schema,
  given: unknown,
  checked: Checked<unknown>,
): Checked<unknown> | Promise<Checked<unknown>> {
  if (checked.type === "faulty") return checked;
  const value = withoutDropped(given, checked.value);
  return value === given ? { type: "sound", value } : proven(schema, given, value, checked.value);
}

/** A schema that gives members other names would find less: what it makes of both has to be the same. */
async function proven(schema: Schema, given: unknown, value: unknown, made: unknown): Promise<Checked<unknown>> {
  const again = await check(schema, value);
  const isSame = again.type === "sound" && isDeepStrictEqual(again.value, made);
  return { type: "sound", value: isSame ? value : given };
}
