import { ContentError } from "@fairlead/core";
import { requestField } from "@fairlead/server/fetch";
import { Answer } from "../contract/answer.ts";
import { check } from "../contract/check.ts";
import { contentsOf, responsesOf } from "../contract/content-of.ts";
import type { Content } from "../contract/content.ts";
import type { Operation } from "../contract/operation.ts";
import { checkParts } from "./check-parts.ts";
import { MediaTypes } from "./media-types.ts";
import { Problem, problemResponse } from "./problem.ts";
import { parsePathTemplate } from "./protocol/path-template.ts";
import { readContent } from "./read-content.ts";
import { type Arrival, Call } from "./received-call.ts";
import { faultsOf, faultyRequest } from "./request-fault.ts";
import { ServedResponse } from "./served-response.ts";

/** What answers an operation, whatever its contract. */
export type AnyHandler = (call: Call) => unknown;

/** What is around all operations. */
export interface ServedOperationOptions {
  readonly contentLimitBytes: number;
  /** Told of what is answered with 500. */
  readonly onError: (error: unknown, request: Request, operation: string) => void;
}

/** One operation of a contract and its handler: what calls it, and answers for it. */
export class ServedOperation {
  readonly #name: string;
  readonly #operation: Operation;
  readonly #handler: AnyHandler;
  readonly #options: ServedOperationOptions;
  readonly #names: readonly string[];
  readonly #contents: readonly Content[];
  readonly #responses: ReadonlyMap<number, ServedResponse>;
  /** `undefined` where a handler has to say which of several it is. */
  readonly #success: ServedResponse | undefined;
  readonly #mediaTypes: MediaTypes;

  /** @throws UsageError OPTION_INVALID for a contract that cannot be served. */
  constructor(name: string, operation: Operation, handler: AnyHandler, options: ServedOperationOptions) {
    this.#name = name;
    this.#operation = operation;
    this.#handler = handler;
    this.#options = options;
    this.#names = parsePathTemplate(operation.path).flatMap((segment) => (segment.type === "name" ? segment.name : []));
    this.#contents = contentsOf(operation.body);
    const responses = responsesOf(operation).map(([status, response]) => new ServedResponse(name, status, response));
    this.#responses = new Map(responses.map((response) => [response.status, response]));
    const successes = responses.filter(({ status }) => status < 300);
    this.#success = successes.length === 1 ? successes[0] : undefined;
    this.#mediaTypes = new MediaTypes(successes.flatMap(({ contents }) => contents.map(({ mediaType }) => mediaType)));
  }

  /** Answers. Rejects only with what the content of the request failed with on its way. */
  async answer(arrival: Arrival): Promise<Response> {
    const { request } = arrival;
    try {
      const mediaType = this.#mediaTypes.choose(requestField(request, "accept"));
      const parts = await checkParts(this.#operation, this.#names, arrival);
      const body = this.#contents.length === 0 ? undefined : await this.#content(request);
      const call = new Call(arrival, parts, body, mediaType);
      const handler = this.#handler;
      return await this.#respond(await handler(call));
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error);
      this.#options.onError(error, request, this.#name);
      return problemResponse(new Problem(500));
    }
  }

  async #content(request: Request): Promise<unknown> {
    const [content] = this.#contents;
    if (content === undefined || !("schema" in content)) throw new Problem(501);
    const value = await readContent(request, content, this.#options.contentLimitBytes);
    const checked = await check(content.schema, value);
    if (checked.type === "faulty") throw faultyRequest(422, faultsOf("body", checked.issues));
    return checked.value;
  }

  async #respond(result: unknown): Promise<Response> {
    if (result instanceof Problem) return problemResponse(result);
    if (result instanceof Response) return result;
    if (!(result instanceof Answer)) {
      if (this.#success === undefined) throw this.#undeclared("no status was said, and there are several");
      return this.#success.make(result);
    }
    const response = this.#responses.get(result.status);
    if (response === undefined) throw this.#undeclared(`no response has the status ${String(result.status)}`);
    return response.make(result.body);
  }

  #undeclared(detail: string): ContentError {
    return new ContentError("CONTRACT_BROKEN", { operation: this.#name, detail });
  }
}
