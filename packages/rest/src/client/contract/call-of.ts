import { UsageError } from "@fairlead/core";
import { contentOf, responsesOf } from "../../contract/content-of.ts";
import type { Content } from "../../contract/content.ts";
import type { Operation, ResponseOf, SuccessBody } from "../../contract/operation.ts";
import type { Schema } from "../../contract/schema.ts";
import { PROBLEM_JSON } from "@fairlead/http/problem-details";
import type { CallSettings, ContractCall } from "./contract-call.ts";
import type { RestClient } from "../call.ts";
import type { CallOptions } from "../options.ts";
import { StatusError } from "../status-error.ts";
import { isStream } from "./received-content.ts";
import { requireSound } from "./require-sound.ts";
import { receiveAnswer, receiveError, type Answered, type ExpectedAnswers } from "./receive-answer.ts";
import { sentContent } from "./sent-content.ts";
import { textRecord, type TextRecord } from "./text-record.ts";

/** What is given with a call, whichever operation it is for. */
interface GivenInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** What is said of an operation once for all of its calls. */
interface CallTerms {
  readonly name: string;
  readonly operation: Operation;
  /** Relative to the client's base. */
  readonly address: string;
  readonly accept: string;
  readonly body: Content | undefined;
  readonly answers: ExpectedAnswers;
  /** Whether it may be answered with what has no end. */
  readonly isStreamed: boolean;
}

/** The function that asks for one operation. */
export function callOf(
  client: RestClient,
  name: string,
  operation: Operation,
): (input?: GivenInput, settings?: CallSettings) => ContractCall<Operation> {
  const terms = termsOf(name, operation);
  return (input = NOTHING, settings = NOTHING) => new PendingCall(ask(client, terms, input, settings));
}

function termsOf(name: string, operation: Operation): CallTerms {
  const responses = responsesOf(operation);
  const mediaTypes = new Set(responses.flatMap(([, { content }]) => content?.mediaType ?? []));
  return {
    name,
    operation,
    address: operation.path.slice(1),
    accept: [...mediaTypes.add(PROBLEM_JSON)].join(", "),
    body: operation.body && contentOf(operation.body),
    answers: new Map(responses),
    isStreamed: responses.some(([, { contents }]) => contents.some(isStream)),
  };
}

async function ask(client: RestClient, terms: CallTerms, input: GivenInput, settings: CallSettings): Promise<Answered> {
  const { name, operation, address, accept, body, answers, isStreamed } = terms;
  const options: { -readonly [Name in keyof CallOptions]: CallOptions[Name] } = { ...settings, accept };
  // What is read as it comes goes on for as long as it likes, unless somebody has said a time.
  if (isStreamed && client.options.timeout === undefined) options.timeout ??= Number.POSITIVE_INFINITY;
  if (input.params !== undefined) options.params = await soundText(operation.params, input.params, `${name}: params`);
  if (operation.query !== undefined) options.query = await soundText(operation.query, input.query, `${name}: query`);
  let headers: TextRecord | undefined;
  if (operation.headers !== undefined) {
    headers = await soundText(operation.headers, input.headers, `${name}: headers`);
  }
  if (body !== undefined) Object.assign(options, await sentContent(body, input.body, `${name}: body`));
  // That of multipart names what parts it, too.
  if (body !== undefined && body.kind !== "multipart") headers = withContentType(headers, body, name);
  if (headers !== undefined) options.headers = headers;
  try {
    return await receiveAnswer(await client.request(operation.method, address, options), answers, name);
  } catch (error) {
    if (error instanceof StatusError && answers.has(error.status)) return receiveError(error, answers, name);
    throw error;
  }
}

/** @throws UsageError OPTION_INVALID where all that is known of content is a range, as `image/*`. */
function withContentType(headers: TextRecord | undefined, { mediaType }: Content, name: string): TextRecord {
  if (mediaType.includes("*") && headers?.["content-type"] === undefined) {
    const remedy = "let the operation have headers, and say content-type in them";
    throw new UsageError("OPTION_INVALID", { operation: "call", detail: `${name}: body is of ${mediaType}`, remedy });
  }
  return { "content-type": mediaType, ...headers };
}

/** A record as it goes on the wire, checked as the server will. */
async function soundText(
  schema: Schema | undefined,
  given: Readonly<Record<string, unknown>> | undefined,
  what: string,
): Promise<TextRecord> {
  const text = textRecord(given ?? NOTHING, what);
  if (schema !== undefined) await requireSound(schema, text, what);
  return text;
}

/** A call whose answer is on its way. */
class PendingCall implements ContractCall<Operation> {
  readonly #answered: Promise<Answered>;

  constructor(answered: Promise<Answered>) {
    this.#answered = answered;
  }

  then<Result = SuccessBody<Operation>, Failure = never>(
    onContent?: ((content: SuccessBody<Operation>) => Result | PromiseLike<Result>) | null,
    onFailure?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#answered.then(successBody).then(onContent, onFailure);
  }

  async response(): Promise<ResponseOf<Operation>> {
    const { status, headers, body } = await this.#answered;
    return { status, headers, body };
  }
}

function successBody({ body, error }: Answered): SuccessBody<Operation> {
  if (error !== undefined) throw error;
  // It was checked by the contract.
  return body as SuccessBody<Operation>;
}

const NOTHING = Object.freeze({});
