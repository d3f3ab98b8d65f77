import type { ContentIssue } from "@fairlead/core";
import type { LeanContent } from "@fairlead/server/fetch";
import type { QueryInput } from "../client/options.ts";
import { formContent } from "../content/index.ts";
import type { Checked, Content } from "../contract/content.ts";
import type { Schema } from "../contract/schema.ts";
import { checkOutput } from "./checked-output.ts";
import { areItems, ItemSource } from "./item-source.ts";

/** What a handler gave as content, ready to be sent. */
export type WrittenContent = { readonly type: "sound"; readonly body: LeanContent } | Faulty;

type Faulty = Extract<Checked<unknown>, { readonly type: "faulty" }>;

/** Content that is written once it is there. Events are on a connection of their own. */
export type WritableContent = Exclude<Content, { readonly kind: "events" }>;

/**
 * Checks what a handler gave, and writes it.
 *
 * @param onLate makes an error of items that break the contract when the answer is under way, and tells of what its
 * iterator failed with.
 */
export function writeContent(
  content: WritableContent,
  value: unknown,
  onLate: LateFailures,
): WrittenContent | Promise<WrittenContent> {
  switch (content.kind) {
    case "json":
      return written(checkOutput(content.schema, value), jsonText);
    case "form":
      // The schema says that it is one.
      return written(checkOutput(content.schema, value), (record) => formContent(record as QueryInput).body);
    case "multipart":
      return faulty("a form with files");
    case "ndjson":
      return areItems(value) ? { type: "sound", body: lines(value, content.schema, onLate) } : faulty("an iterable");
    case "text":
      return typeof value === "string" ? { type: "sound", body: value } : faulty("text");
    case "bytes":
      return isOctets(value) ? { type: "sound", body: value } : faulty("a Uint8Array, or a stream of them");
  }
}

/** What becomes of what fails behind the head. */
export interface LateFailures {
  readonly broken: (issues: readonly ContentIssue[]) => Error;
  readonly tell: (error: unknown) => void;
}

function written(
  checked: Checked<unknown> | Promise<Checked<unknown>>,
  write: (value: unknown) => string | undefined,
): WrittenContent | Promise<WrittenContent> {
  return checked instanceof Promise ? checked.then((late) => bodyOf(late, write)) : bodyOf(checked, write);
}

function bodyOf(checked: Checked<unknown>, write: (value: unknown) => string | undefined): WrittenContent {
  if (checked.type === "faulty") return checked;
  const body = write(checked.value);
  return body === undefined ? WITHOUT_FORM : { type: "sound", body };
}

/** Its types leave out that a function, a symbol and `undefined` make none. */
const jsonText: (value: unknown) => string | undefined = JSON.stringify;

function lines(items: AsyncIterable<unknown> | Iterable<unknown>, schema: Schema, onLate: LateFailures): ItemSource {
  const write = async (item: unknown): Promise<Uint8Array> => {
    const checked = await checkOutput(schema, item);
    const line = checked.type === "sound" ? jsonText(checked.value) : undefined;
    if (line === undefined) throw onLate.broken(checked.type === "sound" ? WITHOUT_FORM.issues : checked.issues);
    return Buffer.from(`${line}\n`);
  };
  return new ItemSource(items, write, onLate.tell);
}

function isOctets(value: unknown): value is Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> {
  return value instanceof Uint8Array || (typeof value === "object" && value !== null && Symbol.asyncIterator in value);
}

function faulty(wanted: string): Faulty {
  return { type: "faulty", issues: [{ message: `should be ${wanted}`, path: [] }] };
}

const WITHOUT_FORM = faulty("a value that JSON has a form for");
