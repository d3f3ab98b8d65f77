import { requestField } from "@fairlead/server/fetch";
import { Answer } from "../contract/answer.ts";
import { contentsOf, responsesOf } from "../contract/content-of.ts";
import type { Operation } from "../contract/operation.ts";
import { checkParts } from "./check-parts.ts";
import { chooseContent } from "./choose-content.ts";
import { contractBreach } from "./contract-breach.ts";
import { MediaTypes } from "./media-types.ts";
import { Problem, problemResponse } from "./problem.ts";
import { parsePathTemplate } from "./protocol/path-template.ts";
import { readContent, readMissing, requestContentOf, type ReadableContent } from "./read-content.ts";
import { ReceivedContent } from "./received-content.ts";
import { type Arrival, Call } from "./received-call.ts";
import { type AnswerGround, ServedResponse } from "./served-response.ts";
import { type OnOperationError, tellFailure } from "./tell-failure.ts";

/** What answers an operation, whatever its contract. */
export type AnyHandler = (call: Call) => unknown;

/** What is around all operations. */
export interface ServedOperationOptions {
  readonly contentLimitBytes: number;
  /** Told of what is answered with 500. */
  readonly onError: OnOperationError;
}

/** One operation of a contract and its handler: what calls it, and answers for it. */
export class ServedOperation {
  readonly #name: string;
  readonly #operation: Operation;
  readonly #handler: AnyHandler;
  readonly #options: ServedOperationOptions;
  readonly #names: readonly string[];
  readonly #contents: readonly ReadableContent[];
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
    this.#contents = contentsOf(operation.body).map((content) => requestContentOf(operation, content));
    const responses = responsesOf(operation);
    const successes = responses.filter(([status]) => status < 300);
    const types = new MediaTypes(successes.flatMap(([, { contents }]) => contents.map(({ mediaType }) => mediaType)));
    this.#mediaTypes = types;
    this.#responses = new Map(
      responses.map(([status, response]) => [status, new ServedResponse(name, status, response, types.areSeveral)]),
    );
    this.#success = successes.length === 1 ? this.#responses.get(successes[0]?.[0] ?? 0) : undefined;
  }

  /** Answers. Rejects only with what the content of the request has failed with on its way. */
  async answer(arrival: Arrival): Promise<Response> {
    const { request, context } = arrival;
    const content = new ReceivedContent(request, this.#options.contentLimitBytes);
    const tell = (error: unknown): void => {
      if (error !== content.failure) tellFailure(this.#options.onError, error, request, this.#name);
    };
    try {
      const mediaType = this.#mediaTypes.choose(requestField(request, "accept"));
      const parts = await checkParts(this.#operation, this.#names, arrival);
      const body = this.#contents.length === 0 ? undefined : await this.#read(request, content);
      const result = await this.#handler(new Call(arrival, parts, body, mediaType));
      return await this.#respond(result, { request, context, mediaType, tell });
    } catch (error) {
      if (error instanceof Problem) return sentProblem(error, tell);
      // Whose connection it is knows what to answer, and whether anybody is there to hear it.
      if (content.failure !== undefined && error === content.failure) throw error;
      tell(error);
      return problemResponse(new Problem(500));
    }
  }

  async #read(request: Request, received: ReceivedContent): Promise<unknown> {
    if (received.isAnnounced) {
      const { content, contentType } = chooseContent(request, this.#contents);
      return readContent(received, content, contentType);
    }
    const [content] = this.#contents;
    if (content === undefined) return undefined;
    // Without content there are no lines, no text and no octets, all of which is something.
    const isChecked = content.kind === "json" || content.kind === "form" || content.kind === "multipart";
    return isChecked ? readMissing(content.schema) : readContent(received, content, content.mediaType);
  }

  #respond(result: unknown, ground: AnswerGround): Response | Promise<Response> {
    if (result instanceof Problem) return problemResponse(result);
    if (result instanceof Response) return result;
    if (!(result instanceof Answer)) {
      if (this.#success === undefined)
        throw contractBreach(
          this.#name,
          undefined,
          "of several successes it is none: answer(status, content) says which",
        );
      return this.#success.make(result, undefined, ground);
    }
    const response = this.#responses.get(result.status);
    if (response === undefined) throw contractBreach(this.#name, result.status, "which is none of its statuses");
    return response.make(result.body, result.headers, ground);
  }
}

/** Sends a handler's problem, which may be none that can be sent, as its answers may. */
function sentProblem(problem: Problem, tell: (error: unknown) => void): Response {
  try {
    return problemResponse(problem);
  } catch (failure) {
    tell(failure);
    return problemResponse(new Problem(500));
  }
}
