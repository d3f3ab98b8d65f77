import { UsageError } from "@fairlead/core";
import { formatEvent, type OutgoingEvent } from "@fairlead/http/event-stream";
import type { Content } from "../../contract/content.ts";
import type { Schema } from "../../contract/schema.ts";
import type { CallOptions } from "../options.ts";
import { requireSound } from "./require-sound.ts";
import { textRecord } from "./text-record.ts";

/** How content goes with a call. */
type SentContent = Pick<CallOptions, "json" | "form" | "multipart" | "body">;

/**
 * Makes of a value what is sent of it, checked by its schema; items of a stream are checked as they go.
 *
 * @param what names it in the error.
 * @throws UsageError OPTION_INVALID
 */
export async function sentContent(content: Content, value: unknown, what: string): Promise<SentContent> {
  switch (content.kind) {
    case "json":
      await requireSound(content.schema, value, what);
      return { json: value };
    case "form": {
      const form = textRecord(record(value, what), what);
      await requireSound(content.schema, form, what);
      return { form };
    }
    case "multipart": {
      await requireSound(content.schema, value, what);
      return { multipart: formData(record(value, what), what) };
    }
    case "ndjson":
      return { body: () => lines(items(value, what), content.schema, what) };
    case "events":
      return { body: () => eventText(items(value, what), content.schema, what) };
    case "text":
      if (typeof value !== "string") throw wrong(what, "text");
      return { body: value };
    case "bytes":
      return { body: octets(value, what) };
  }
}

async function* lines(values: AnyIterable, schema: Schema, what: string): AsyncIterable<Uint8Array> {
  for await (const value of values) {
    await requireSound(schema, value, what);
    yield encoder.encode(`${JSON.stringify(value)}\n`);
  }
}

async function* eventText(values: AnyIterable, schema: Schema, what: string): AsyncIterable<Uint8Array> {
  for await (const value of values) {
    const { data, ...event } = record(value, what);
    await requireSound(schema, data, what);
    const text = formatEvent({ ...(event as OutgoingEvent), data: JSON.stringify(data) });
    if (text === undefined) throw wrong(what, "an event: its name or its id holds a line break");
    yield encoder.encode(text);
  }
}

function formData(fields: Readonly<Record<string, unknown>>, what: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (one instanceof Blob) form.append(name, one);
      else form.append(name, textRecord({ value: one }, what)["value"]);
    }
  }
  return form;
}

function octets(value: unknown, what: string): Uint8Array | AsyncIterable<Uint8Array> {
  if (value instanceof Uint8Array) return value;
  // A stream of the web is one, too. Who sends it looks at its pieces.
  if (isObject(value) && Symbol.asyncIterator in value) return value as unknown as AsyncIterable<Uint8Array>;
  throw wrong(what, "octets, or a stream of them");
}

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>;

function items(value: unknown, what: string): AnyIterable {
  if (isObject(value) && (Symbol.asyncIterator in value || Symbol.iterator in value)) {
    return value as unknown as AnyIterable;
  }
  throw wrong(what, "a list, or a stream of values");
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw wrong(what, "an object");
}

function isObject(value: unknown): value is Readonly<Record<string | symbol, unknown>> {
  return typeof value === "object" && value !== null;
}

function wrong(what: string, wanted: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "call", detail: `${what}: is not ${wanted}` });
}

const encoder = new TextEncoder();
