import type { CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";

/** The options of a message, by who may read them. */
export interface OptionClasses {
  /** Encrypted: for the other end (class E). */
  readonly inner: readonly CoapOption[];
  /** Open: for proxies (class U). Nothing is proven of them. */
  readonly outer: readonly CoapOption[];
}

/**
 * Sorts the options of a message that is to be protected. Encrypted is all that is not known to be for proxies; Observe of
 * a request is both. Proxy-Uri has to be split before, see `splitProxyUri`.
 *
 * @see RFC 8613 sections 4.1, 4.1.3.5; RFC 8768 section 3 (Hop-Limit)
 */
export function classifyOptions(options: readonly CoapOption[]): OptionClasses {
  return {
    inner: options.filter(({ number }) => !outerOnly.has(number)),
    outer: options.filter(({ number }) => isOuterOption(number) || number === observe),
  };
}

/** Whether an open option of a request that came counts: every other is thrown away. RFC 8613 section 8.2. */
export function isOuterOption(number: number): boolean {
  return outerOnly.has(number) && number !== coapOptions.oscore.number;
}

const observe = coapOptions.observe.number;
const outerOnly: ReadonlySet<number> = new Set([
  coapOptions.uriHost.number,
  coapOptions.uriPort.number,
  coapOptions.oscore.number,
  coapOptions.hopLimit.number,
  coapOptions.proxyUri.number,
  coapOptions.proxyScheme.number,
]);
