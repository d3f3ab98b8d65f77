import type { CoapCode, CoapOption } from "../message.ts";
import { coapOptions, isNoCacheKeyOption } from "../option-table.ts";

/**
 * Makes what tells one body under way from another of the same peer: equal for all messages that carry parts of it.
 * Method and options count, Request-Tag among them; what differs from block to block does not, and neither does payload.
 *
 * @see RFC 7959 section 2.5, RFC 9175 section 3.3
 */
export function bodyKey(request: { readonly code: CoapCode; readonly options: readonly CoapOption[] }): string {
  return request.options
    .filter(({ number }) => !perMessage.has(number) && !isNoCacheKeyOption(number))
    .map(({ number, value }) => `${number}=${value.join(".")}`)
    .join(" ")
    .concat(" ", request.code);
}

const { block1, block2, qBlock1, qBlock2, observe, eTag, hopLimit } = coapOptions;
const perMessage = new Set([block1, block2, qBlock1, qBlock2, observe, eTag, hopLimit].map(({ number }) => number));
