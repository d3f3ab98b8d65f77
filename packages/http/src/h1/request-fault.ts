import type { ProtocolErrorCode } from "@fairlead/core";

/** Why a request is refused, and the status that says so. The connection serves nobody after it. */
export interface RequestFault {
  readonly status: 400 | 413 | 414 | 417 | 431 | 501 | 505;
  readonly code: ProtocolErrorCode;
  /** What is wrong, without anything that the client wrote. */
  readonly detail: string | undefined;
}

/** A request that breaks a rule. */
export function malformed(detail: string, status: RequestFault["status"] = 400): RequestFault {
  return { status, code: "REQUEST_MALFORMED", detail };
}

/** More fields, or longer ones, than are taken. RFC 6585 section 5. */
export function fieldsTooLarge(detail?: string): RequestFault {
  return { status: 431, code: "REQUEST_FIELDS_TOO_LARGE", detail };
}

/** RFC 9110 section 15.5.15. */
export const TARGET_TOO_LONG: RequestFault = { status: 414, code: "REQUEST_TARGET_TOO_LONG", detail: undefined };
/** RFC 9110 section 15.5.14. */
export const BODY_TOO_LARGE: RequestFault = { status: 413, code: "REQUEST_BODY_TOO_LARGE", detail: undefined };
