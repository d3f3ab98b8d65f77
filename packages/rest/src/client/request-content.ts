import type { RequestBody } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import type { CallOptions } from "./options.ts";

/** What a call sends. */
export interface RequestContent {
  readonly body: RequestBody;
  /** `undefined` where the application says it, or nobody. */
  readonly contentType: string | undefined;
  /** In octets, where the body does not tell by itself. */
  readonly length: number | undefined;
}

/**
 * What a call's options say that it sends; `undefined` for nothing.
 *
 * @throws UsageError OPTION_INVALID for two contents, and for what has no form in JSON.
 */
export function requestContent({ json, form, multipart, body }: CallOptions): RequestContent | undefined {
  if (json !== undefined) {
    if (form !== undefined || multipart !== undefined || body !== undefined) throw several();
    return { body: jsonText(json), contentType: "application/json", length: undefined };
  }
  if (body !== undefined) {
    if (form !== undefined || multipart !== undefined) throw several();
    return { body, contentType: undefined, length: undefined };
  }
  return undefined;
}

function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new UsageError("OPTION_INVALID", { detail: "json", remedy: "give what has a form in JSON", cause });
  }
  if (text !== undefined) return text;
  throw new UsageError("OPTION_INVALID", { detail: "json", remedy: "give what has a form in JSON" });
}

function several(): UsageError {
  const remedy = "give one of json, form, multipart and body";
  return new UsageError("OPTION_INVALID", { detail: "more than one content", remedy });
}
