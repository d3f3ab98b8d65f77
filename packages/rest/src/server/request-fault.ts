import type { ContentIssue } from "@fairlead/core";
import { Problem } from "./problem.ts";
import { pointerTo } from "./protocol/pointer.ts";

/** One thing that is wrong with a request: what `errors` of its problem lists. */
export interface RequestFault {
  readonly in: RequestPart;
  /** Where in it, as a fragment; left out where it is all of it. RFC 6901 section 6. */
  readonly pointer?: string;
  /** For people; never quotes what came. */
  readonly detail: string;
}

/** As OpenAPI calls them. */
export type RequestPart = "path" | "query" | "header" | "body";

/** Faults that are listed: who sends a list of nothing but faults is not sent more back. */
const FAULTS_LIMIT = 100;

/** Makes what a schema found faults of a part of the request. */
export function faultsOf(part: RequestPart, issues: readonly ContentIssue[]): readonly RequestFault[] {
  return issues.slice(0, FAULTS_LIMIT).map(({ message, path }) => ({
    in: part,
    ...(path.length > 0 && { pointer: pointerTo(path) }),
    detail: message,
  }));
}

/**
 * All that is wrong with a request, in one problem: 422 where it can be read and only its content breaks the contract, 400
 * otherwise. RFC 9110 sections 15.5.1 and 15.5.21.
 */
export function faultyRequest(status: 400 | 413 | 415 | 422, faults: readonly RequestFault[]): Problem {
  const errors = faults.slice(0, FAULTS_LIMIT);
  return new Problem(status, { detail: "the request does not keep to the contract; see errors", errors });
}
