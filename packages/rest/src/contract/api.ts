import type { RequestContext } from "@fairlead/server";
import type { Problem } from "../server/problem.ts";
import type { Answer } from "./answer.ts";
import type { AnswerInput, Operation, Operations, ReceivedCall, StatusOf, SuccessInput } from "./operation.ts";

/** A service, said once: what it is called, and what it does. */
export interface ApiDefinition<Ops extends Operations = Operations> {
  readonly title: string;
  /** Of the service, as its operators count. */
  readonly version: string;
  readonly description?: string;
  readonly operations: Ops;
}

/** What answers each operation. */
export type Handlers<Ops extends Operations> = { readonly [Name in keyof Ops]: Handler<Ops[Name]> };

/**
 * Answers one operation: with the content of its only success, with `call.answer` for any other, or with a `Response`,
 * which goes out as it is. What it throws is told to `onError` and answered with 500; a `Problem` is itself the answer.
 */
export type Handler<O extends Operation> = (
  call: ReceivedCall<O> & HandlerGround<O>,
) => HandlerResult<O> | Promise<HandlerResult<O>>;

/** What a handler may give. */
export type HandlerResult<O extends Operation> = SuccessInput<O> | Answer | Problem | Response;

/** What a handler is given beside the call. */
export interface HandlerGround<O extends Operation> {
  readonly request: Request;
  readonly context: RequestContext;
  /** What the client likes best of the media types that the operation's successes have; `undefined` where they have none. */
  readonly mediaType: string | undefined;
  /** Makes an answer of any of the operation's statuses. */
  readonly answer: <Status extends StatusOf<O>>(status: Status, ...content: AnswerArguments<O, Status>) => Answer;
}

/** Content, where the status has any, and fields. */
export type AnswerArguments<O extends Operation, Status extends StatusOf<O>> = [
  AnswerInput<O["responses"][Status]>,
] extends [undefined]
  ? [body?: undefined, headers?: Readonly<Record<string, string>>]
  : [body: AnswerInput<O["responses"][Status]>, headers?: Readonly<Record<string, string>>];
