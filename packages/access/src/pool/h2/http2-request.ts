import { UsageError } from "@fairlead/core";
import { requestFields, type Http2RequestFields } from "@fairlead/http/h2";
import type { HopOptions } from "../../dispatch.ts";
import { flatFields, withoutFields } from "../../request-fields.ts";
import { bodySource, contentOf, withContentType, type BodySource } from "../request-body-source.ts";

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
export function http2Request(options: HopOptions): Http2Request {
  const { method, path, target, headers, body, upgrade, mayExtendConnect = false, hop } = options;
  const { peer } = target;
  if (!path.startsWith("/") && path !== "*") {
    throw new UsageError("OPTION_INVALID", { peer, operation: "request", detail: "path" });
  }
  // RFC 9113 section 8.6.
  if (typeof upgrade === "string" && !mayExtendConnect) {
    throw new UsageError("OPTION_INVALID", { peer, operation: "request", detail: "upgrade, over HTTP/2" });
  }
  const source = bodySource(body);
  const protocol = typeof upgrade === "string" ? upgrade : undefined;
  const fields = flatFields(protocol === undefined ? headers : withoutFields(headers, isOfUpgrade));
  const head = requestFields({
    method,
    protocol,
    scheme: target.secure ? "https" : "http",
    authority: target.authority,
    path,
    fields: withContentType(fields, source),
    content: contentOf(source),
    peer,
  });
  if (hop.messages !== undefined) hop.messages.requestHead = head.fields;
  return { head, body: source };
}

/** What a stream has no need of to change hands. RFC 8441 section 5. */
function isOfUpgrade(name: string): boolean {
  return name === "sec-websocket-key";
}
