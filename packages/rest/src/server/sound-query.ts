import type { FormRecord } from "../contract/protocol/form-record.ts";
import { PROTOTYPE_NAME } from "./protocol/prototype-name.ts";
import { QUERY_LIMIT, readQuery, type QueryFault } from "./protocol/query.ts";
import type { Problem } from "./problem.ts";
import { faultyRequest } from "./request-fault.ts";

/** @throws Problem 400 */
export function soundQuery(text: string): FormRecord<string> {
  const query = readQuery(text);
  if (typeof query === "string") throw faultyQuery(query);
  return query;
}

function faultyQuery(fault: QueryFault): Problem {
  return faultyRequest(400, [{ in: "query", detail: FAULTS[fault] }]);
}

const FAULTS: Readonly<Record<QueryFault, string>> = {
  malformed: "the percent-encoding is none, or of no UTF-8",
  "name-refused": `nothing may be called ${PROTOTYPE_NAME}`,
  "too-many": `there are more than ${String(QUERY_LIMIT)} names and values`,
};
