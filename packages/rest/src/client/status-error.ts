import type { Reply } from "@fairlead/access";
import { ServiceError, type ErrorFacts } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import { PROBLEM_JSON, readProblemDetails } from "@fairlead/http/problem-details";
import { redactUrls } from "@fairlead/http/redaction";
import { parseRetryAfter } from "@fairlead/http/retries";
import { readBeginning, type Beginning } from "./beginning.ts";
import { readServiceProblem, type ServiceProblem } from "../patterns/protocol/service-problem.ts";
import { mediaTypeOf } from "./protocol/readings.ts";
import { fieldOf, headersOf } from "./reply-fields.ts";

/** What the thrower of a {@link StatusError} knows. */
export interface StatusErrorFacts extends ErrorFacts {
  readonly reply: Reply;
  readonly content: Beginning;
}

/** A service answered with a status that says that it did not do what it was asked for. */
export class StatusError extends ServiceError {
  override readonly code = "SERVICE_STATUS";
  readonly status: number;
  /** The address that answered, without the secrets that it may have had in it. */
  readonly url: string;
  /** What the service says of it: its problem details (RFC 9457), or what other services say in their place, read as such. */
  readonly problem: ServiceProblem | undefined;
  /** How long to wait before asking again, where the service says that: 0 where it is over. */
  readonly retryAfterMilliseconds: number | undefined;
  /** The content, 64 KiB of it at the most. Not enumerable: no log shows it unasked. */
  declare readonly bytes: Uint8Array;
  readonly #fields: Reply["headers"];
  #headers: Headers | undefined;

  constructor({ reply, content, ...facts }: StatusErrorFacts) {
    const { status, headers } = reply;
    const problem = problemOf(fieldOf(headers, "content-type"), content, status);
    super("SERVICE_STATUS", { detail: whatItSays(status, problem), ...facts });
    this.status = status;
    this.url = redactUrls(reply.url);
    this.problem = problem;
    this.retryAfterMilliseconds = parseRetryAfter(fieldOf(headers, "retry-after"), Date.now());
    this.#fields = headers;
    Object.defineProperty(this, "bytes", { value: content.bytes, enumerable: false });
  }

  override get name(): "StatusError" {
    return "StatusError";
  }

  get headers(): Headers {
    return (this.#headers ??= headersOf(this.#fields));
  }
}

/** Reads what came with a response of such a status, and makes the error of it. */
export async function statusError(reply: Reply, facts: ErrorFacts): Promise<StatusError> {
  return new StatusError({ ...facts, reply, content: await readBeginning(reply) });
}

/** Code units of the service's words that a message has: it may end in a log. */
const TITLE_LIMIT = 200;

/** What the kind of problem is called, by people or by programs. What this one is about may hold what was sent. */
function whatItSays(status: number, problem: ServiceProblem | undefined): string {
  const title = problem?.title ?? (typeof problem?.code === "string" ? problem.code : undefined);
  return title === undefined ? `status ${String(status)}` : `status ${String(status)}, ${title.slice(0, TITLE_LIMIT)}`;
}

function problemOf(
  contentType: string | undefined,
  { bytes, isCut }: Beginning,
  status: number,
): ServiceProblem | undefined {
  const mediaType = mediaTypeOf(contentType);
  if (isCut || !/^(?:application|text)\/(?:\S+\+)?json$/.test(mediaType)) return undefined;
  try {
    const value = readJson(new TextDecoder().decode(bytes), { duplicates: "last" });
    return mediaType === PROBLEM_JSON ? readProblemDetails(value) : readServiceProblem(value, status);
  } catch {
    return undefined;
  }
}
