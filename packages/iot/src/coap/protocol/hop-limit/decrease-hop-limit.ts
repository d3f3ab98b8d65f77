import type { CoapCode, CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { readUint, writeOption } from "../option-values.ts";

/** What a proxy does with a request, by its Hop-Limit. */
export type HopLimitDecision =
  /** Forward it with these options. */
  | { readonly type: "forward"; readonly options: readonly CoapOption[] }
  /** Answer it: 5.08 where it has come in a circle, 4.00 where its Hop-Limit cannot be. */
  | { readonly type: "refuse"; readonly code: CoapCode };

/**
 * Decreases Hop-Limit for a request that is forwarded, or gives it its first.
 *
 * @param initial for a request without, 16 by default: more than the longest way of proxies that makes sense.
 *
 * @see RFC 8768 section 3
 */
export function decreaseHopLimit(options: readonly CoapOption[], initial = 16): HopLimitDecision {
  const { number } = coapOptions.hopLimit;
  const [option, ...more] = options.filter((each) => each.number === number);
  if (option === undefined) return { type: "forward", options: withHopLimit(options, initial) };
  const hops = readUint(option.value);
  if (hops < 1 || hops > 255 || more.length > 0) return { type: "refuse", code: "4.00" };
  if (hops === 1) return { type: "refuse", code: "5.08" };
  const others = options.filter((each) => each.number !== number);
  return { type: "forward", options: withHopLimit(others, hops - 1) };
}

function withHopLimit(options: readonly CoapOption[], hops: number): readonly CoapOption[] {
  return [...options, writeOption("hopLimit", hops)].sort((one, other) => one.number - other.number);
}
