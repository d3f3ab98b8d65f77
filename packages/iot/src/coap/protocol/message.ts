/** How a message is delivered. RFC 7252 section 4. */
export type CoapType = "confirmable" | "non-confirmable" | "acknowledgement" | "reset";

/** Class and detail, as RFC 7252 writes them: `0.01` is GET, `2.05` Content, `0.00` an empty message. */
export type CoapCode = `${number}.${number}`;

/** One option. Several may have one number. RFC 7252 section 3.1. */
export interface CoapOption {
  /** 0 to 65535. */
  readonly number: number;
  readonly value: Uint8Array;
}

/** What every message begins with. RFC 7252 section 3. */
export interface CoapHeader {
  readonly type: CoapType;
  /** Class 0 to 7, detail 00 to 31. */
  readonly code: CoapCode;
  /** 0 to 65535; joins an acknowledgement or a reset with what it answers. */
  readonly messageId: number;
}

/** One message over UDP or DTLS. RFC 7252 section 3. */
export interface CoapMessage extends CoapHeader {
  /** 0 to 8 bytes, or as many as the receiver takes (RFC 8974); joins a response with its request. */
  readonly token: Uint8Array;
  /** By number; those of one number in their order. */
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/** The types in the order of their numbers. */
export const coapTypes = ["confirmable", "non-confirmable", "acknowledgement", "reset"] as const;

/** Bytes of the longest token that everybody takes. RFC 7252 section 3. */
export const maxTokenBytes = 8;

/** Bytes of the longest token that can be written. RFC 8974 section 2.1. */
export const maxExtendedTokenBytes = 65_804;

/** The largest option number, as it is registered. RFC 7252 section 12.2. */
export const maxOptionNumber = 65_535;
