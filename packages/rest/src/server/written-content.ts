import type { ContentIssue } from "@fairlead/core";
import type { LeanContent } from "@fairlead/server/fetch";
import type { QueryInput } from "../client/options.ts";
import { formContent, multipartContent } from "../content/index.ts";
import type { Checked, Content } from "../contract/content.ts";
import type { Schema } from "../contract/schema.ts";
import { checkOutput } from "./checked-output.ts";
import { areItems, ItemSource } from "./item-source.ts";

/** What a handler gave as content, ready to be sent. */
export type WrittenContent = Written | Faulty;

interface Written {
  readonly type: "sound";
  readonly body: LeanContent;
  /** Where it says more than the contract. */
  readonly contentType?: string;
}

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
      return written(checkOutput(content.schema, value), writeJson);
    case "form":
      // The schema says that it is one.
      return written(checkOutput(content.schema, value), (record) => sound(formContent(record as QueryInput).body));
    case "multipart":
      return written(checkOutput(content.schema, value), writeFormData);
    case "ndjson":
      return areItems(value) ? sound(lines(value, content.schema, onLate)) : faulty("an iterable");
    case "text":
      return typeof value === "string" ? sound(value) : faulty("text");
    case "bytes":
      return isOctets(value) ? sound(value) : faulty("a Uint8Array, or a stream of them");
  }
}

/** What becomes of what fails behind the head. */
export interface LateFailures {
  readonly broken: (issues: readonly ContentIssue[]) => Error;
  readonly tell: (error: unknown) => void;
}

function written(
  checked: Checked<unknown> | Promise<Checked<unknown>>,
  write: (value: unknown) => WrittenContent,
): WrittenContent | Promise<WrittenContent> {
  return checked instanceof Promise ? checked.then((late) => bodyOf(late, write)) : bodyOf(checked, write);
}

function bodyOf(checked: Checked<unknown>, write: (value: unknown) => WrittenContent): WrittenContent {
  return checked.type === "faulty" ? checked : write(checked.value);
}

function sound(body: LeanContent): WrittenContent {
  return { type: "sound", body };
}

function writeJson(value: unknown): WrittenContent {
  const text = jsonText(value);
  return text === undefined ? WITHOUT_FORM : sound(text);
}

type FormItem = string | number | boolean | null | undefined | File;

/** The schema says that it is a record of text and files, and lists of them. */
function writeFormData(record: unknown): WrittenContent {
  const form = new FormData();
  for (const [name, value] of Object.entries(record as Readonly<Record<string, FormItem | readonly FormItem[]>>)) {
    for (const item of Array.isArray(value) ? (value as readonly FormItem[]) : [value as FormItem]) {
      if (item instanceof Blob) form.append(name, item);
      else if (item !== undefined && item !== null) form.append(name, String(item));
    }
  }
  const { contentType, body } = multipartContent(form);
  return { type: "sound", body: body(), contentType };
}

/** Its types leave out that a function, a symbol and `undefined` make none. */
const jsonText: (value: unknown) => string | undefined = JSON.stringify;

function lines(items: AsyncIterable<unknown> | Iterable<unknown>, schema: Schema, onLate: LateFailures): ItemSource {
  const write = async (item: unknown): Promise<string> => {
    const checked = await checkOutput(schema, item);
    const line = checked.type === "sound" ? jsonText(checked.value) : undefined;
    if (line === undefined) throw onLate.broken(checked.type === "sound" ? WITHOUT_FORM.issues : checked.issues);
    return `${line}\n`;
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
