/** What both ends of a service agree on. */
export { Answer } from "./answer.ts";
export type { ApiDefinition, AnswerArguments, Handler, HandlerGround, HandlerResult, Handlers } from "./api.ts";
export { check } from "./check.ts";
export {
  bytes,
  events,
  form,
  json,
  multipart,
  ndjson,
  problem,
  text,
  type Checked,
  type CheckedContent,
  type Content,
  type ContentChoice,
  type ContentInput,
  type ContentOutput,
  type PlainContent,
  type SentEvent,
  type TypedEvent,
} from "./content.ts";
export { contentOf, contentsOf, describedResponse, responsesOf, type WholeResponse } from "./content-of.ts";
export type {
  AnswerInput,
  AnswerOutput,
  CallInput,
  ContentOf,
  DescribedResponse,
  Operation,
  Operations,
  PathNames,
  ReceivedCall,
  ResponseContract,
  ResponseOf,
  Responses,
  StatusOf,
  SuccessBody,
  SuccessInput,
  SuccessOf,
  WithPathNames,
} from "./operation.ts";
export type { InputOf, OutputOf, Schema } from "./schema.ts";
