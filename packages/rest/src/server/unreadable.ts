import type { ContentError, ContentErrorCode } from "@fairlead/core";
import type { Problem } from "./problem.ts";
import { PROTOTYPE_NAME } from "./protocol/prototype-name.ts";
import { faultyRequest } from "./request-fault.ts";

/** What content that cannot be read is answered with: what is wrong, and where. */
export function unreadable({ code, message, remedy }: ContentError): Problem {
  // Their remedy is for who receives content, and this for who has sent it.
  const detail = message.slice(0, -`; ${remedy}`.length);
  return faultyRequest(STATUS[code] ?? 400, [{ in: "body", detail }]);
}

const STATUS: Readonly<Partial<Record<ContentErrorCode, 413 | 415>>> = {
  CHARSET_UNSUPPORTED: 415,
  CONTENT_LIMIT: 413,
};

/** What content with a name that nothing may have is answered with. */
export function refusedName(): Problem {
  return faultyRequest(400, [{ in: "body", detail: `nothing may be called ${PROTOTYPE_NAME}` }]);
}
