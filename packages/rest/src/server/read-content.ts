import { ContentError, UsageError } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import { decodeAs, decodeText, readForm, readFormData } from "../content/index.ts";
import { check } from "../contract/check.ts";
import { checkRecord } from "../contract/check-record.ts";
import type { Checked, Content } from "../contract/content.ts";
import type { Operation } from "../contract/operation.ts";
import { formRecord, type FormRecord } from "../contract/protocol/form-record.ts";
import type { Schema } from "../contract/schema.ts";
import { hasPrototypeName, mayHavePrototypeName, PROTOTYPE_NAME } from "./protocol/prototype-name.ts";
import { checkedItems } from "./checked-items.ts";
import type { ReceivedContent } from "./received-content.ts";
import { faultsOf, faultyRequest } from "./request-fault.ts";
import { refusedName, unreadable } from "./unreadable.ts";

/** What a request may contain. */
export type ReadableContent = Exclude<Content, { readonly kind: "events" }>;

/** @throws UsageError OPTION_INVALID for what no request contains, and for content of a method that gives it no meaning. */
export function requestContentOf({ method, path }: Operation, content: Content): ReadableContent {
  const isBodiless = method === "GET" || method === "HEAD";
  if (content.kind !== "events" && !isBodiless) return content;
  const remedy = isBodiless ? "give it a query in place of a body" : "take ndjson in place of events";
  throw new UsageError("OPTION_INVALID", { detail: `body of ${method} ${path}`, remedy });
}

/**
 * Reads content as what it is, and checks it.
 *
 * @throws Problem 400 for what cannot be read, 413, 415 for a character encoding, 422 for what breaks the contract.
 */
export async function readContent(
  received: ReceivedContent,
  content: ReadableContent,
  contentType: string,
): Promise<unknown> {
  switch (content.kind) {
    case "json": {
      const bytes = await received.whole();
      if (bytes.length === 0) return readMissing(content.schema);
      return sound(
        await check(
          content.schema,
          readable(() => readOwnJson(bytes)),
        ),
      );
    }
    case "form": {
      const bytes = await received.whole();
      return sound(
        await checkRecord(
          content.schema,
          readable(() => acceptable(formRecord(readForm(bytes, undefined)))),
        ),
      );
    }
    case "multipart":
      return sound(await checkRecord(content.schema, await multipartRecord(received, contentType)));
    case "text": {
      const bytes = await received.whole();
      return readable(() => decodeText(bytes, contentType));
    }
    case "bytes":
      return received.whole();
    case "ndjson":
      return checkedItems(received, content.schema);
  }
}

/**
 * Content that is not there is `undefined` to its schema, which may be content with that.
 *
 * @throws Problem 400
 */
export async function readMissing(schema: Schema): Promise<unknown> {
  const checked = await check(schema, undefined);
  if (checked.type === "sound") return checked.value;
  throw faultyRequest(400, [{ in: "body", detail: "the content is missing" }]);
}

function sound(checked: Checked<unknown>): unknown {
  if (checked.type === "sound") return checked.value;
  throw faultyRequest(422, faultsOf("body", checked.issues));
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof ContentError ? unreadable(error) : error;
  }
}

function readOwnJson(bytes: Buffer): unknown {
  const text = decodeAs(undefined, bytes, {});
  const value = readJson(text);
  if (mayHavePrototypeName(text) && hasPrototypeName(value)) throw refusedName();
  return value;
}

async function multipartRecord(received: ReceivedContent, contentType: string): Promise<FormRecord<string | File>> {
  try {
    const limits = { totalLimitBytes: received.limitBytes };
    return acceptable(formRecord<string | File>(await readFormData(received.pieces(), contentType, limits)));
  } catch (error) {
    throw error instanceof ContentError ? unreadable(error) : error;
  }
}

/** @throws Problem 400 */
function acceptable<Value>(record: FormRecord<Value>): FormRecord<Value> {
  if (Object.hasOwn(record, PROTOTYPE_NAME)) throw refusedName();
  return record;
}
