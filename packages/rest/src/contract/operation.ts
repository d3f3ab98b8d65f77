import type { Content, ContentChoice, ContentInput, ContentOutput } from "./content.ts";
import type { InputOf, OutputOf, Schema } from "./schema.ts";

/** One thing that a service does, said once for both ends. */
export interface Operation {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with a slash; each `{name}` is a whole segment and a member of `params`. */
  readonly path: `/${string}`;
  /** One line, for the page and the document. */
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  /** Of an object of text: what the path's names stand for, decoded. Without it they are text. */
  readonly params?: Schema;
  /** Of an object of text, repeated names being lists. */
  readonly query?: Schema;
  /** Of an object of text, by lower-case name. */
  readonly headers?: Schema;
  /** A schema stands for JSON; a list offers several media types, the first being the client's choice. */
  readonly body?: ContentChoice;
  /** By status, 200 to 599. `null` has no content. 4xx and 5xx that are not listed are problem details. */
  readonly responses: Responses;
}

/** What an operation may answer. */
export type Responses = Readonly<Record<number, ResponseContract>>;

/** One answer. A list offers several media types, the first being who has no wish's. */
export type ResponseContract = null | ContentChoice | DescribedResponse;

/** One answer, with what it says beside its content. */
export interface DescribedResponse {
  readonly description?: string;
  /** Of an object of text, by lower-case name; what else comes is not looked at. */
  readonly headers?: Schema;
  readonly content: null | ContentChoice;
}

/** The operations of a service, by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** The content of one answer. */
export type ContentOf<R extends ResponseContract> = R extends null | ContentChoice
  ? R
  : R extends { readonly content: infer C extends null | ContentChoice }
    ? C
    : never;

/** What an answer's content is given as. */
export type AnswerInput<R extends ResponseContract> = [ContentOf<R>] extends [null]
  ? undefined
  : ContentInput<Exclude<ContentOf<R>, null>>;

/** What an answer's content is received as. */
export type AnswerOutput<R extends ResponseContract> = [ContentOf<R>] extends [null]
  ? undefined
  : ContentOutput<Exclude<ContentOf<R>, null>>;

/** The statuses that an operation may answer with. */
export type StatusOf<O extends Operation> = keyof O["responses"] & number;

/** Those of them that say that it was done. */
export type SuccessOf<O extends Operation> = Extract<StatusOf<O>, SuccessStatus>;

type SuccessStatus = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226;

/** What is sent with a call, member by member: only those that the operation has, and optional where all of it may be left out. */
export type CallInput<O extends Operation> = ParamsInput<O> &
  Member<"query", InputOfMember<O["query"]>> &
  Member<"headers", InputOfMember<O["headers"]>> &
  (O["body"] extends ContentChoice ? { readonly body: ContentInput<FirstOf<O["body"]>> } : unknown);

/** What a client sends of those that it may. */
type FirstOf<C extends ContentChoice> = C extends readonly [infer First extends Content, ...(readonly Content[])]
  ? First
  : C;

type InputOfMember<S> = S extends Schema ? InputOf<S> : never;
type OutputOfMember<S, Otherwise> = S extends Schema ? OutputOf<S> : Otherwise;

type Member<Name extends string, Value> = [Value] extends [never]
  ? unknown
  : Partial<Value> extends Value
    ? Partial<Readonly<Record<Name, Value>>>
    : Readonly<Record<Name, Value>>;

type ParamsInput<O extends Operation> = O["params"] extends Schema
  ? { readonly params: InputOf<O["params"]> }
  : PathNames<O["path"]> extends never
    ? unknown
    : { readonly params: Readonly<Record<PathNames<O["path"]>, string | number>> };

/** The names in a path. */
export type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;

/** What a contract's paths want of its `params`: a member for each name. */
export interface WithPathNames<Ops extends Operations> {
  readonly operations: { readonly [Name in keyof Ops]: PathNamesKept<Ops[Name]> };
}

type PathNamesKept<O extends Operation> = O["params"] extends Schema
  ? [MissingNames<O["path"], O["params"]>] extends [never]
    ? unknown
    : { readonly params: `lacks a name of the path: ${MissingNames<O["path"], O["params"]>}` }
  : unknown;

type MissingNames<Path extends string, S extends Schema> =
  unknown extends InputOf<S> ? never : Exclude<PathNames<Path>, keyof InputOf<S>>;

/** What a handler is given of a call, checked. */
export interface ReceivedCall<O extends Operation> {
  readonly params: OutputOfMember<O["params"], Readonly<Record<PathNames<O["path"]>, string>>>;
  readonly query: OutputOfMember<O["query"], Readonly<Record<string, string | readonly string[]>>>;
  readonly headers: OutputOfMember<O["headers"], Headers>;
  readonly body: O["body"] extends ContentChoice ? ContentOutput<O["body"]> : undefined;
}

/** An answer as a client gets it, told apart by `status`. */
export type ResponseOf<O extends Operation> = {
  [Status in StatusOf<O>]: {
    readonly status: Status;
    readonly headers: Headers;
    readonly body: AnswerOutput<O["responses"][Status]>;
  };
}[StatusOf<O>];

/** What a call that went well gives. */
export type SuccessBody<O extends Operation> = {
  [Status in SuccessOf<O>]: AnswerOutput<O["responses"][Status]>;
}[SuccessOf<O>];

/** What a handler may give for a status that the operation has only one of: the content alone. */
export type SuccessInput<O extends Operation> =
  IsUnion<SuccessOf<O>> extends true
    ? never
    : { [Status in SuccessOf<O>]: AnswerInput<O["responses"][Status]> }[SuccessOf<O>];

type IsUnion<T, Whole = T> = [T] extends [never]
  ? false
  : T extends Whole
    ? [Whole] extends [T]
      ? false
      : true
    : false;
