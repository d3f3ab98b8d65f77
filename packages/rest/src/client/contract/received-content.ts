import type { ContentErrorFacts } from "@fairlead/core";
import { decodeText, readForm, readFormData, readJsonContent } from "../../content/index.ts";
import type { Content, TypedEvent } from "../../contract/content.ts";
import { formRecord } from "../../contract/protocol/form-record.ts";
import type { Schema } from "../../contract/schema.ts";
import type { RestResponse } from "../rest-response.ts";
import { readJson } from "@fairlead/http/json";
import { soundRecord, soundValue } from "./sound-value.ts";

type StreamedContent = Extract<Content, { readonly kind: "ndjson" | "events" }>;
type WholeContent = Exclude<Content, StreamedContent>;

/** Whether content is read as it comes. */
export function isStream(content: Content): content is StreamedContent {
  return content.kind === "ndjson" || content.kind === "events";
}

/** Reads content that came whole. @throws ContentError */
export async function readWhole(
  content: WholeContent,
  bytes: Uint8Array,
  contentType: string | undefined,
  facts: ContentErrorFacts,
): Promise<unknown> {
  const known = { ...facts, bytes };
  switch (content.kind) {
    case "json":
      return soundValue(content.schema, readJsonContent(bytes, contentType, {}, facts), known);
    case "form":
      return soundRecord(content.schema, formRecord(readForm(bytes, contentType, facts)), known);
    case "multipart":
      return soundRecord(content.schema, formRecord(await readFormData(once(bytes), contentType, {}, facts)), known);
    case "text":
      return decodeText(bytes, contentType, facts);
    case "bytes":
      return bytes;
  }
}

/** Reads content as it comes: each item is checked when it is asked for. */
export function readStreamed(
  content: StreamedContent,
  response: RestResponse,
  facts: ContentErrorFacts,
): AsyncIterable<unknown> {
  return content.kind === "ndjson"
    ? soundItems(response.items(), content.schema, facts)
    : soundEvents(response, content.schema, facts);
}

async function* soundItems(
  items: AsyncIterable<unknown>,
  schema: Schema,
  facts: ContentErrorFacts,
): AsyncIterable<unknown> {
  for await (const item of items) yield await soundValue(schema, item, facts);
}

async function* soundEvents(
  response: RestResponse,
  schema: Schema,
  facts: ContentErrorFacts,
): AsyncIterable<TypedEvent<unknown>> {
  for await (const { data, ...event } of response.events()) {
    yield { ...event, data: await soundValue(schema, readJson(data), facts) };
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}
