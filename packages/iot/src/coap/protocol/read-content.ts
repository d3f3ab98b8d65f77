import { type CoapOption, maxOptionNumber } from "./message.ts";

/** Why options and payload cannot be told apart. */
export type CoapContentFlaw =
  /** 15 as delta where no payload begins. */
  | "option-delta-reserved"
  | "option-length-reserved"
  /** It says that it is longer than what is left. */
  | "option-truncated"
  /** The deltas add up to more than 65535. */
  | "option-number-too-large"
  /** A payload marker at the end. */
  | "payload-missing";

/** What follows the token, however a message is carried. */
export interface CoapContent {
  /** By number; those of one number in their order. */
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/**
 * Reads what follows the token, to the end of the message. Never throws. Values and payload are views of `message`.
 *
 * @param at where the first option begins
 *
 * @see RFC 7252 section 3.1
 */
export function readContent(message: Uint8Array, at: number): CoapContent | CoapContentFlaw {
  const options: CoapOption[] = [];
  let number = 0;
  while (at < message.length) {
    const start = message[at] ?? 0;
    at += 1;
    if (start === payloadMarker) {
      return at === message.length ? "payload-missing" : { options, payload: message.subarray(at) };
    }
    let delta = start >> 4;
    if (delta > 12) {
      if (delta === 15) return "option-delta-reserved";
      const end = at + delta - 12;
      if (end > message.length) return "option-truncated";
      delta = readExtended(message, at, delta);
      at = end;
    }
    let length = start & 15;
    if (length > 12) {
      if (length === 15) return "option-length-reserved";
      const end = at + length - 12;
      if (end > message.length) return "option-truncated";
      length = readExtended(message, at, length);
      at = end;
    }
    number += delta;
    if (number > maxOptionNumber) return "option-number-too-large";
    const end = at + length;
    if (end > message.length) return "option-truncated";
    options.push({ number, value: message.subarray(at, end) });
    at = end;
  }
  return { options, payload: none };
}

/** The one or two bytes that four bits say to follow. */
function readExtended(message: Uint8Array, at: number, nibble: number): number {
  const first = message[at] ?? 0;
  return nibble === 13 ? first + 13 : ((first << 8) | (message[at + 1] ?? 0)) + 269;
}

const payloadMarker = 0xff;
const none = new Uint8Array(0);
