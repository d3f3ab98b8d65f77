import { Buffer, isUtf8 } from "node:buffer";
import type { WebSocketPlatform } from "@fairlead/http/websocket";

/** Reads UTF-8 as `toString` does, from any octets and without a view of them first. */
const utf8Slice = Reflect.get(Buffer.prototype, "utf8Slice") as (
  this: Uint8Array,
  start: number,
  end: number,
) => string;

/** What Node does faster than a rule can. */
export const NODE_PLATFORM: WebSocketPlatform = {
  allocate: (length) => Buffer.allocUnsafe(length),
  isUtf8: (octets, start, end) => isUtf8(octets.subarray(start, end)),
  decodeUtf8: (octets, start, end) => {
    const text = utf8Slice.call(octets, start, end);
    // Only what is no UTF-8, and what says U+FFFD itself, reads so.
    return text.includes("\ufffd") && !isUtf8(octets.subarray(start, end)) ? undefined : text;
  },
};
