import type { ContentIssue } from "@fairlead/core";
import type { OutgoingEvent, StreamEvent } from "@fairlead/http/event-stream";
import { PROBLEM_JSON } from "@fairlead/http/problem-details";
import type { InputOf, OutputOf, Schema } from "./schema.ts";

/** What a message contains, and in which media type. A schema alone stands for `json(schema)`. */
export type Content =
  | { readonly kind: "json"; readonly mediaType: string; readonly schema: Schema }
  /** Values one after the other, each on a line of its own, as they come. */
  | { readonly kind: "ndjson"; readonly mediaType: string; readonly schema: Schema }
  /** Server-sent events, whose data is JSON. */
  | { readonly kind: "events"; readonly mediaType: "text/event-stream"; readonly schema: Schema }
  /** A record of text; repeated names are lists. */
  | { readonly kind: "form"; readonly mediaType: "application/x-www-form-urlencoded"; readonly schema: Schema }
  /** A record of text and files (`File`); repeated names are lists. */
  | { readonly kind: "multipart"; readonly mediaType: "multipart/form-data"; readonly schema: Schema }
  | { readonly kind: "text"; readonly mediaType: string }
  | { readonly kind: "bytes"; readonly mediaType: string };

/** A schema stands for JSON; a list offers several media types, the best first. */
export type ContentChoice = Schema | Content | readonly Content[];

/** One event of a contract's event stream: a {@link StreamEvent} whose data was read and checked. */
export interface TypedEvent<Data> extends Omit<StreamEvent, "data"> {
  readonly data: Data;
}

/** One event of a contract's event stream as it is sent: an {@link OutgoingEvent} whose data is yet to be written. */
export interface SentEvent<Data> extends Omit<OutgoingEvent, "data"> {
  readonly data: Data;
}

/** Content whose values a schema checks. */
export interface CheckedContent<Kind extends Content["kind"], MediaType extends string, S extends Schema> {
  readonly kind: Kind;
  readonly mediaType: MediaType;
  readonly schema: S;
}

/** Content that is taken as it is. */
export interface PlainContent<Kind extends Content["kind"]> {
  readonly kind: Kind;
  readonly mediaType: string;
}

/** What {@link Content} is made by. `mediaType` says another than the usual one. */
export function json<S extends Schema>(schema: S, mediaType = "application/json"): CheckedContent<"json", string, S> {
  return { kind: "json", mediaType, schema };
}

/** Problem details of one's own kind: the schema is of the whole object. RFC 9457. */
export function problem<S extends Schema>(schema: S): CheckedContent<"json", string, S> {
  return { kind: "json", mediaType: PROBLEM_JSON, schema };
}

/** Values one after the other, each on a line of its own: for what is long or has no end. */
export function ndjson<S extends Schema>(
  schema: S,
  mediaType = "application/x-ndjson",
): CheckedContent<"ndjson", string, S> {
  return { kind: "ndjson", mediaType, schema };
}

/** Server-sent events, whose data is JSON of this schema. */
export function events<S extends Schema>(schema: S): CheckedContent<"events", "text/event-stream", S> {
  return { kind: "events", mediaType: "text/event-stream", schema };
}

/** A form as browsers send it by default: the schema is of a record of text, repeated names being lists. */
export function form<S extends Schema>(schema: S): CheckedContent<"form", "application/x-www-form-urlencoded", S> {
  return { kind: "form", mediaType: "application/x-www-form-urlencoded", schema };
}

/** A form with files: the schema is of a record of text and `File`, repeated names being lists. RFC 7578. */
export function multipart<S extends Schema>(schema: S): CheckedContent<"multipart", "multipart/form-data", S> {
  return { kind: "multipart", mediaType: "multipart/form-data", schema };
}

/** Text as it is. */
export function text(mediaType = "text/plain"): PlainContent<"text"> {
  return { kind: "text", mediaType };
}

/** Octets as they are. */
export function bytes(mediaType = "application/octet-stream"): PlainContent<"bytes"> {
  return { kind: "bytes", mediaType };
}

/** What content is given as, by who sends it. Of a list it is any. */
export type ContentInput<C extends ContentChoice> = C extends readonly Content[]
  ? ContentInput<C[number]>
  : C extends Schema
    ? InputOf<C>
    : C extends { readonly kind: "ndjson"; readonly schema: infer S extends Schema }
      ? AsyncIterable<InputOf<S>> | Iterable<InputOf<S>>
      : C extends { readonly kind: "events"; readonly schema: infer S extends Schema }
        ? AsyncIterable<SentEvent<InputOf<S>>> | Iterable<SentEvent<InputOf<S>>>
        : C extends { readonly schema: infer S extends Schema }
          ? InputOf<S>
          : C extends { readonly kind: "text" }
            ? string
            : Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** What content is received as. Of a list it is any. */
export type ContentOutput<C extends ContentChoice> = C extends readonly Content[]
  ? ContentOutput<C[number]>
  : C extends Schema
    ? OutputOf<C>
    : C extends { readonly kind: "ndjson"; readonly schema: infer S extends Schema }
      ? AsyncIterable<OutputOf<S>>
      : C extends { readonly kind: "events"; readonly schema: infer S extends Schema }
        ? AsyncIterable<TypedEvent<OutputOf<S>>>
        : C extends { readonly schema: infer S extends Schema }
          ? OutputOf<S>
          : C extends { readonly kind: "text" }
            ? string
            : Uint8Array;

/** The outcome of checking a value by a schema. */
export type Checked<Output> =
  | { readonly type: "sound"; readonly value: Output }
  | { readonly type: "faulty"; readonly issues: readonly ContentIssue[] };
