import type { ProtocolErrorCode } from "@fairlead/core";

/** Close codes that a program has to tell apart. RFC 6455 section 7.4.1. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Never sent: the Close says nothing. */
  none: 1005,
  /** Never sent: there was no Close. */
  abnormal: 1006,
  invalidData: 1007,
  policyViolation: 1008,
  messageTooBig: 1009,
  mandatoryExtension: 1010,
  internalError: 1011,
} as const;

/** Octets of the reason: what a control frame holds beside the code. */
export const CLOSE_REASON_LIMIT = 123;

/**
 * Whether a Close may hold this code: those that are defined for the wire, 1012 to 1014 as registered with IANA, and those
 * for libraries and applications. The rest is reserved.
 *
 * @see RFC 6455 section 7.4
 */
export function mayBeSent(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 1000 && code <= 1014) return code !== 1004 && code !== CloseCode.none && code !== CloseCode.abnormal;
  return code >= 3000 && code <= 4999;
}

/** The code by which the peer is told what it did wrong. RFC 6455 sections 7.4.1, 8.1 and 10.4; RFC 7692 section 7.2.2. */
export function closeCodeFor(error: ProtocolErrorCode): number {
  if (error === "WEBSOCKET_TEXT_INVALID" || error === "WEBSOCKET_DEFLATE_INVALID") return CloseCode.invalidData;
  return error === "WEBSOCKET_MESSAGE_LIMIT" ? CloseCode.messageTooBig : CloseCode.protocolError;
}

/**
 * The payload of a Close.
 *
 * @param code `undefined` for a Close that says nothing.
 * @returns `undefined` when the reason is longer than a Close holds.
 */
export function formatClosePayload(code: number | undefined, reason: string): Uint8Array | undefined {
  if (code === undefined) return new Uint8Array(0);
  const text = new TextEncoder().encode(reason);
  if (text.length > CLOSE_REASON_LIMIT) return undefined;
  const payload = new Uint8Array(2 + text.length);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(text, 2);
  return payload;
}
