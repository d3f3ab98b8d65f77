import { UsageError } from "@fairlead/core";
import { formatRequestHead, type FormattedRequestHead } from "@fairlead/http/h1";
import type { HopOptions } from "../../dispatch.ts";
import { flatFields } from "../../request-fields.ts";
import { bodySource, contentOf, withContentType, type BodySource } from "../request-body-source.ts";

/** A request as it is written. */
export interface Http1Request {
  readonly head: FormattedRequestHead;
  readonly body: BodySource;
}

/**
 * Formats a request.
 *
 * @throws UsageError HEADER_INVALID, OPTION_INVALID
 */
export function http1Request({ method, path, target, headers, body, upgrade, hop }: HopOptions): Http1Request {
  const { peer } = target;
  if (!path.startsWith("/") && method !== "CONNECT" && path !== "*" && !/^https?:\/\//.test(path)) {
    throw new UsageError("OPTION_INVALID", { peer, operation: "request", detail: "path" });
  }
  const source = bodySource(body);
  const fields = flatFields(headers);
  const head = formatRequestHead({
    method,
    target: path,
    host: target.authority,
    fields: withContentType(fields, source),
    content: contentOf(source),
    upgrade: typeof upgrade === "string" ? upgrade : undefined,
    peer,
  });
  if (hop.messages !== undefined) hop.messages.requestHead = head.text;
  return { head, body: source };
}
