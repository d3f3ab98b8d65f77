import { isCodedError } from "@fairlead/core";
import { fieldValue, type FieldLines } from "@fairlead/http/cache";
import type { HopOptions } from "../../dispatch.ts";

/** Whether a connection is what is trusted with what others are told later: verified, and for the user of the request. */
export function isTrustworthy({ hop, target }: HopOptions, certificate: string): boolean {
  if (hop.isExcepted) return false;
  if (!target.secure) return true;
  return hop.tls?.authorized === true && (hop.tls.clientIdentity ?? "") === certificate;
}

/** Whether the end of a response without a length cannot be mistaken: one that ends with its connection may have been cut. */
export function isFramed({ hop }: HopOptions, fields: FieldLines): boolean {
  return hop.tls?.alpn === "h2" || fieldValue(fields, "transfer-encoding") !== undefined;
}

/** The length that a response tells; `undefined` when it does not. */
export function contentLength(fields: FieldLines): number | undefined {
  const value = fieldValue(fields, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Whether a request failed for want of a server, and not for what the server is or what somebody decided. RFC 5861 section 4. */
export function isOutage(error: Error): boolean {
  return isCodedError(error) && ["TransportError", "TimeoutError", "ProtocolError"].includes(error.name);
}
