import { UsageError } from "@fairlead/core";
import { requestFields, type Http2RequestFields } from "@fairlead/http/h2";
import type { HopOptions } from "../../dispatch.ts";
import { flatFields, hasField } from "../../request-fields.ts";
import { bodySource, type BodySource } from "../request-body-source.ts";

/** A request as it is encoded. */
export interface Http2Request {
  readonly head: Http2RequestFields;
  readonly body: BodySource;
}

/**
 * Makes a request's fields.
 *
 * @throws UsageError HEADER_INVALID, OPTION_INVALID
 */
export function http2Request({ method, path, target, headers, body, upgrade }: HopOptions): Http2Request {
  const { peer } = target;
  if (!path.startsWith("/") && path !== "*") {
    throw new UsageError("OPTION_INVALID", { peer, operation: "request", detail: "path" });
  }
  // RFC 9113 section 8.6.
  if (typeof upgrade === "string") {
    throw new UsageError("OPTION_INVALID", { peer, operation: "request", detail: "upgrade, over HTTP/2" });
  }
  const source = bodySource(body);
  const fields = flatFields(headers);
  const head = requestFields({
    method,
    scheme: target.secure ? "https" : "http",
    authority: target.authority,
    path,
    fields: source.type === "pieces" ? withContentType(fields, source.contentType) : fields,
    content: contentOf(source),
    peer,
  });
  return { head, body: source };
}

function contentOf(source: BodySource): "none" | "stream" | number {
  switch (source.type) {
    case "none":
      return "none";
    case "bytes":
      return source.bytes.length;
    case "pieces":
      return source.length ?? "stream";
  }
}

function withContentType(fields: readonly string[], contentType: string | undefined): readonly string[] {
  if (contentType === undefined || hasField([...fields], "content-type")) return fields;
  return [...fields, "content-type", contentType];
}
