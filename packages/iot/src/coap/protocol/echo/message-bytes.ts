import type { CoapOption } from "../message.ts";

/**
 * Estimates how many bytes a message has as a datagram, without its token, which request and response share: what one costs
 * and the other gives is compared by it.
 *
 * @see RFC 7252 section 11.3
 */
export function messageBytes({
  options,
  payload,
}: {
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}): number {
  const content = payload.length > 0 ? payload.length + 1 : 0;
  return options.reduce((sum, { value }) => sum + value.length + (value.length < 13 ? 1 : 2), headerBytes + content);
}

const headerBytes = 4;
