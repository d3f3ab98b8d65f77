import type { RequestBody } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import { formContent, multipartContent } from "../content/index.ts";
import type { CallOptions } from "./options.ts";
import { tellUpload } from "./progress.ts";

/** What a call sends. */
export interface RequestContent {
  readonly body: RequestBody;
  /** `undefined` where the application says it, or nobody. */
  readonly contentType: string | undefined;
  /** In octets, where it is known and the body does not tell by itself. */
  readonly length: number | undefined;
}

/**
 * What a call's options say that it sends; `undefined` for nothing.
 *
 * @throws UsageError OPTION_INVALID for two contents, and for what has no form in JSON.
 */
export function requestContent(options: CallOptions): RequestContent | undefined {
  const content = contentOf(options);
  const { onUploadProgress } = options;
  return content === undefined || onUploadProgress === undefined ? content : told(content, onUploadProgress);
}

function contentOf({ json, form, multipart, body }: CallOptions): RequestContent | undefined {
  if (json !== undefined) {
    requireOne(form, multipart, body);
    return { body: jsonText(json), contentType: "application/json", length: undefined };
  }
  if (form !== undefined) {
    requireOne(multipart, body);
    return { ...formContent(form), length: undefined };
  }
  if (multipart !== undefined) {
    requireOne(body);
    return multipartContent(multipart);
  }
  if (body === undefined) return undefined;
  if (isValue(body)) {
    throw new UsageError("OPTION_INVALID", {
      detail: "body",
      remedy: "give text, octets or a stream; a value goes as json, fields as form",
    });
  }
  return { body, contentType: undefined, length: undefined };
}

/** What is neither octets, text nor a stream, and would be sent as none of them. */
function isValue(body: object | string): boolean {
  return typeof body === "object" && !(Symbol.iterator in body) && !(Symbol.asyncIterator in body);
}

function told(
  { body, contentType, length }: RequestContent,
  tell: NonNullable<CallOptions["onUploadProgress"]>,
): RequestContent {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const known = bytes instanceof Uint8Array ? bytes.length : length;
  return { body: tellUpload(bytes, known, tell), contentType, length: known };
}

function requireOne(...others: readonly unknown[]): void {
  if (others.every((other) => other === undefined)) return;
  const remedy = "give one of json, form, multipart and body";
  throw new UsageError("OPTION_INVALID", { detail: "more than one content", remedy });
}

function jsonText(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value);
    if (typeof text === "string") return text;
  } catch (cause) {
    throw noJson(cause);
  }
  throw noJson(undefined);
}

function noJson(cause: unknown): UsageError {
  return new UsageError("OPTION_INVALID", { detail: "json", remedy: "give what has a form in JSON", cause });
}
