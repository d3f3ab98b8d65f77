import { randomBytes } from "node:crypto";
import { evaluatePreconditions, ifRangeHolds } from "@fairlead/http/conditional";
import { formatContentRange, formatUnsatisfiedRange, frameRanges, selectRanges } from "@fairlead/http/range";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { patternBytes } from "./payloads.ts";

const largestBytes = 1_048_576;

/** Ranges as they should be; for those that are wrong there is `/file`. */
export const rangeFamily: EndpointFamily = endpointFamily("ranges", "serve ranges as they should be", [
  {
    path: "/ranges/:size",
    does: "answers with ranges of so many bytes, several in multipart/byteranges, and heeds every condition",
    example: "/ranges/10000",
    handle: serveRanges,
  },
]);

/** RFC 9110 sections 13.2.2 and 14.2. */
function serveRanges(exchange: Exchange): void {
  const size = exchange.integer("size", { min: 0, max: largestBytes });
  const { headers, method = "GET" } = exchange.request;
  const [etag, lastModified] = [`"${size}"`, Date.UTC(2026, 0, 1)];
  const fields = { etag, "last-modified": new Date(lastModified).toUTCString(), "accept-ranges": "bytes" };
  const conditions = {
    ifMatch: headers["if-match"],
    ifNoneMatch: headers["if-none-match"],
    ifModifiedSince: headers["if-modified-since"],
    ifUnmodifiedSince: headers["if-unmodified-since"],
  };
  const outcome = evaluatePreconditions(method, conditions, { etag, lastModified }, exchange.now());
  if (outcome !== "perform") {
    exchange.send(outcome === "failed" ? 412 : 304, fields);
    return;
  }
  const ifRange = headers["if-range"];
  const counts = method === "GET" && ifRangeHolds(String(ifRange ?? etag), { etag, lastModified }, exchange.now());
  const selection = selectRanges(counts ? headers.range : undefined, size);
  const type = "application/octet-stream";
  if (selection.type === "whole") exchange.send(200, { ...fields, "content-type": type }, patternBytes(size));
  else if (selection.type === "unsatisfiable") {
    exchange.send(416, { ...fields, "content-range": formatUnsatisfiedRange(size) });
  } else {
    const [only, ...others] = selection.ranges;
    if (others.length === 0) {
      const bytes = patternBytes(only.last - only.first + 1, only.first);
      exchange.send(206, { ...fields, "content-type": type, "content-range": formatContentRange(only, size) }, bytes);
      return;
    }
    const { contentType, parts, end } = frameRanges(selection.ranges, size, type, randomBytes(12).toString("hex"));
    const pieces = parts.flatMap(({ head, range }) => [
      Buffer.from(head, "latin1"),
      patternBytes(range.last - range.first + 1, range.first),
    ]);
    exchange.send(206, { ...fields, "content-type": contentType }, Buffer.concat([...pieces, Buffer.from(end)]));
  }
}
