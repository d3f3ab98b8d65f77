import type { FlatFields } from "../exchange/index.ts";
import { LeanResponse, responseParts } from "../fetch/index.ts";

/** A response with some of its fields set to other values; the one that was given is used up. */
export function withFields(response: Response, fields: FlatFields): Response {
  if (response.status === 101) {
    // Who is given the connection is known to this response only.
    for (let at = 0; at + 1 < fields.length; at += 2) response.headers.set(fields[at] ?? "", fields[at + 1] ?? "");
    return response;
  }
  const { status, fields: before, content, trailers } = responseParts(response);
  const names = new Set(fields.filter((_, at) => at % 2 === 0));
  const kept = before.filter((_, at) => !names.has(before[at - (at % 2)]?.toLowerCase() ?? ""));
  return new LeanResponse(content ?? null, { status, fields: [...kept, ...fields], trailers });
}
