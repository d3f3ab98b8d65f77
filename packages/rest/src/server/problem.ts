import { reasonPhrase } from "@fairlead/http/h1";
import { PROBLEM_JSON, type ProblemDetails } from "@fairlead/http/problem-details";
import { LeanResponse } from "@fairlead/server/fetch";
import { answerFields } from "./answer-fields.ts";

/** What a problem says beside its status; `type` and `title` are the status's own by default. */
export interface ProblemInit extends Partial<ProblemDetails> {
  /** Said by the problem itself. */
  readonly status?: never;
}

/**
 * An answer that says what went wrong, for programs: thrown by a handler, or returned. Members beside the standard's five
 * are sent, too. Whoever asks gets to see all of it.
 *
 * @example
 * throw new Problem(409, { type: "https://api.example/problems/taken", detail: "that name is taken", name });
 * @see RFC 9457
 */
export class Problem extends Error {
  readonly status: number;
  readonly details: ProblemDetails;
  /** Sent with it. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param status 400 to 599. */
  constructor(status: number, details: ProblemInit = {}, headers: Readonly<Record<string, string>> = {}) {
    const whole = problemDetails(status, details);
    super(whole.detail ?? whole.title ?? "");
    this.status = status;
    this.details = whole;
    this.headers = headers;
  }

  override get name(): "Problem" {
    return "Problem";
  }
}

/** A problem whose type, where none is given, is that of its status. RFC 9457 section 4.2.1. */
function problemDetails(status: number, { type = "about:blank", title, ...rest }: ProblemInit): ProblemDetails {
  const phrase = title ?? (type === "about:blank" ? reasonPhrase(status) : "");
  return { type, ...(phrase !== "" && { title: phrase }), status, ...rest };
}

/**
 * The answer that a problem is.
 *
 * @throws UsageError HEADER_INVALID; TypeError for a member that JSON has no form for.
 */
export function problemResponse({
  status,
  details,
  headers,
}: Pick<Problem, "status" | "details" | "headers">): Response {
  const fields = ["content-type", PROBLEM_JSON, ...answerFields(headers)];
  return new LeanResponse(JSON.stringify(details), { status, fields });
}
