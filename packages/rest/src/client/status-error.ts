import type { Reply } from "@fairlead/access";
import { ServiceError, type ErrorFacts } from "@fairlead/core";
import { PROBLEM_JSON, readProblemDetails, type ProblemDetails } from "@fairlead/http/problem-details";
import { redactUrls } from "@fairlead/http/redaction";
import { parseRetryAfter } from "@fairlead/http/retries";
import { mediaTypeOf } from "./protocol/readings.ts";
import { headersOf } from "./reply-headers.ts";

/** Octets of an error's content that are kept. */
export const ERROR_CONTENT_LIMIT_BYTES = 64 * 1024;

/** What the thrower of a {@link StatusError} knows. */
export interface StatusErrorFacts extends ErrorFacts {
  readonly reply: Reply;
  readonly bytes: Uint8Array;
  /** Whether there was more than `bytes`. */
  readonly isCut: boolean;
}

/** A service answered with a status that says that it did not do what it was asked for. */
export class StatusError extends ServiceError {
  override readonly code = "SERVICE_STATUS";
  readonly status: number;
  /** The address that answered, without the secrets that it may have had in it. */
  readonly url: string;
  /** What the service says of it, where it says that in problem details. RFC 9457. */
  readonly problem: ProblemDetails | undefined;
  /** How long to wait before asking again, where the service says that: 0 where it is over. */
  readonly retryAfterMilliseconds: number | undefined;
  /** The content, 64 KiB of it at the most. Not enumerable: no log shows it unasked. */
  declare readonly bytes: Uint8Array;
  readonly #reply: Reply;
  #headers: Headers | undefined;

  constructor({ reply, bytes, isCut, ...facts }: StatusErrorFacts) {
    super("SERVICE_STATUS", { detail: `status ${String(reply.status)}`, ...facts });
    this.status = reply.status;
    this.url = redactUrls(reply.url);
    this.#reply = reply;
    this.problem = isCut ? undefined : problemOf(reply, bytes);
    const retryAfter = reply.headers["retry-after"];
    this.retryAfterMilliseconds = parseRetryAfter(
      typeof retryAfter === "object" ? retryAfter[0] : retryAfter,
      Date.now(),
    );
    Object.defineProperty(this, "bytes", { value: bytes, enumerable: false });
  }

  override get name(): "StatusError" {
    return "StatusError";
  }

  get headers(): Headers {
    return (this.#headers ??= headersOf(this.#reply.headers));
  }
}

/** Reads what came with a response of such a status, and makes the error of it. */
export async function statusError(reply: Reply, facts: ErrorFacts): Promise<StatusError> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  try {
    for await (const chunk of reply) {
      const room = ERROR_CONTENT_LIMIT_BYTES - length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      length += Math.min(chunk.length, room);
      isCut = chunk.length > room;
      if (isCut) break;
    }
  } catch {
    // The status was told, which is more than that its content broke off.
    isCut = true;
  }
  return new StatusError({ ...facts, reply, bytes: Buffer.concat(chunks), isCut });
}

function problemOf({ headers }: Reply, bytes: Uint8Array): ProblemDetails | undefined {
  const contentType = headers["content-type"];
  if (typeof contentType !== "string" || mediaTypeOf(contentType) !== PROBLEM_JSON) return undefined;
  try {
    return readProblemDetails(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
