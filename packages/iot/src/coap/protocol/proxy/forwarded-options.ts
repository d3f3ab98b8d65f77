import type { CoapMessage, CoapOption } from "../message.ts";
import { type CoapOptionKey, coapOptions, isUnsafeOption } from "../option-table.ts";

/** What becomes of a message's options. */
export type OptionForwarding =
  | { readonly type: "forward"; readonly options: readonly CoapOption[] }
  /** One that is not understood, and must be for the message to be forwarded. */
  | { readonly type: "refuse"; readonly number: number };

/**
 * Chooses the options of a request that go on. Those that say where to are the proxy's to make anew; bodies, observation
 * and Echo it deals with on either side by itself.
 *
 * @see RFC 7252 sections 5.4.2 and 5.7.2
 */
export function requestOptionsToForward(request: Pick<CoapMessage, "options">): OptionForwarding {
  return chosen(request, dealtWithInRequests);
}

/** Chooses the options of a response that go back, as {@link requestOptionsToForward}. */
export function responseOptionsToForward(response: Pick<CoapMessage, "options">): OptionForwarding {
  return chosen(response, dealtWith, coapOptions.maxAge.number);
}

function chosen(
  { options }: Pick<CoapMessage, "options">,
  left: ReadonlySet<number>,
  understood?: number,
): OptionForwarding {
  const rest = options.filter(({ number }) => !left.has(number));
  const bad = rest.find(({ number }) => isUnsafeOption(number) && number !== understood);
  return bad === undefined ? { type: "forward", options: rest } : { type: "refuse", number: bad.number };
}

function numbersOf(keys: readonly CoapOptionKey[]): readonly number[] {
  return keys.map((key) => coapOptions[key].number);
}

const dealtWith: ReadonlySet<number> = new Set(
  numbersOf(["observe", "block1", "block2", "qBlock1", "qBlock2", "size1", "size2", "echo"]),
);
const dealtWithInRequests: ReadonlySet<number> = new Set([
  ...dealtWith,
  ...numbersOf(["uriHost", "uriPort", "uriPath", "uriQuery", "proxyUri", "proxyScheme", "requestTag", "noResponse"]),
]);
