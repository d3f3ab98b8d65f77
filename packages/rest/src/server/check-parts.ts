import { exchangeOf } from "@fairlead/server/fetch";
import { check } from "../contract/check.ts";
import { checkRecord } from "../contract/check-record.ts";
import type { Checked } from "../contract/content.ts";
import type { Operation } from "../contract/operation.ts";
import { emptyRecord } from "../contract/protocol/form-record.ts";
import type { Arrival, CheckedParts } from "./received-call.ts";
import { faultsOf, faultyRequest, type RequestFault, type RequestPart } from "./request-fault.ts";
import { soundQuery } from "./sound-query.ts";

/**
 * Checks everything of a request that comes before its content.
 *
 * @param names those of the path.
 * @throws Problem 400, with all that is wrong.
 */
export async function checkParts(
  { params, query, headers }: Pick<Operation, "params" | "query" | "headers">,
  names: readonly string[],
  arrival: Arrival,
): Promise<CheckedParts> {
  const faults: RequestFault[] = [];
  const sound = async (part: RequestPart, checked: Awaitable<Checked<unknown>>): Promise<unknown> => {
    const result = checked instanceof Promise ? await checked : checked;
    if (result.type === "sound") return result.value;
    faults.push(...faultsOf(part, result.issues));
    return undefined;
  };
  const given = namedValues(names, arrival.values);
  const parts: CheckedParts = {
    params: params === undefined ? given : await sound("path", check(params, given)),
    query: query && (await sound("query", checkRecord(query, soundQuery(arrival.query)))),
    headers: headers && (await sound("header", check(headers, fieldRecord(arrival.request)))),
  };
  if (faults.length > 0) throw faultyRequest(400, faults);
  return parts;
}

type Awaitable<Value> = Value | Promise<Value>;

/** The path's names and what stands for them. */
export function namedValues(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  for (const [at, name] of names.entries()) record[name] = values[at] ?? "";
  return record;
}

/** A request's fields by lower-case name, the lines of each joined by commas. */
function fieldRecord(request: Request): Record<string, string> {
  const record = emptyRecord<string>();
  const fields = exchangeOf(request)?.head.fields;
  if (fields === undefined) {
    for (const [name, value] of request.headers) record[name] = value;
    return record;
  }
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = (fields[at] ?? "").toLowerCase();
    const [present, value = ""] = [record[name], fields[at + 1]];
    record[name] = present === undefined ? value : `${present}, ${value}`;
  }
  return record;
}
