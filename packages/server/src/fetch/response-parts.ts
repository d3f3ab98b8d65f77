import { UsageError } from "@fairlead/core";
import { streamSource } from "./content-source.ts";
import { responseFields } from "./field-headers.ts";
import { OwnResponse, type ResponseParts } from "./lean-response.ts";

/**
 * Takes a response apart, whoever made it, without building more than there is. `new LeanResponse(parts.content ?? null,
 * parts)` puts it together again.
 *
 * @throws UsageError RESPONSE_UNUSABLE for what is no response, or one that cannot be sent: its body was read or is locked,
 * or it is `Response.error()`.
 */
export function responseParts(response: Response): ResponseParts {
  // A handler in JavaScript may give anything.
  const given: unknown = response;
  if (typeof given !== "object" || given === null) throw unusable(`it is ${given === null ? "null" : typeof given}`);
  return OwnResponse.parts(given) ?? partsOfOther(given);
}

/** Of the runtime's `Response`, undici's, or another that has the same properties. */
function partsOfOther(response: Partial<Response>): ResponseParts {
  const { status, headers, body, bodyUsed } = response;
  if (typeof status !== "number" || headers?.[Symbol.iterator] === undefined) throw unusable("it is no Response");
  if (status < 200) throw unusable(status === 0 ? "it is Response.error()" : `its status is ${String(status)}`);
  if (bodyUsed === true || body?.locked === true) throw unusable("its body was read, or is locked");
  const content = body === null || body === undefined ? undefined : streamSource(body);
  return { status, fields: responseFields(headers), content, trailers: undefined };
}

function unusable(detail: string): UsageError {
  return new UsageError("RESPONSE_UNUSABLE", { detail });
}
