import type { RequestContext } from "@fairlead/server";
import { Answer } from "../contract/answer.ts";
import { soundQuery } from "./sound-query.ts";

/** A request that has found its operation. */
export interface Arrival {
  readonly request: Request;
  readonly context: RequestContext;
  /** What stands for the names of the path, in their order. */
  readonly values: readonly string[];
  /** Without its question mark. */
  readonly query: string;
}

/** What was checked of a call; `undefined` where the contract has no schema. */
export interface CheckedParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
}

/** What a handler is given. What no schema has looked at is made when somebody looks. */
export class Call {
  readonly request: Request;
  readonly context: RequestContext;
  readonly params: unknown;
  readonly body: unknown;
  readonly mediaType: string | undefined;
  readonly answer = answer;
  readonly #text: string;
  #query: unknown;
  readonly #headers: unknown;

  constructor({ request, context, query }: Arrival, parts: CheckedParts, body: unknown, mediaType: string | undefined) {
    this.request = request;
    this.context = context;
    this.params = parts.params;
    this.body = body;
    this.mediaType = mediaType;
    this.#text = query;
    this.#query = parts.query;
    this.#headers = parts.headers;
  }

  /** @throws Problem 400 where no schema has asked for it before, and it cannot be read. */
  get query(): unknown {
    this.#query ??= soundQuery(this.#text);
    return this.#query;
  }

  get headers(): unknown {
    return this.#headers ?? this.request.headers;
  }
}

function answer(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return new Answer(status, body, headers);
}
