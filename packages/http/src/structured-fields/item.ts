import { parseBareItem, type BareItem } from "./bare-item.ts";
import { Input } from "./input.ts";
import { skipParameters } from "./parameters.ts";

/**
 * Parses the value of a field that is one item, whose parameters are left out; `undefined` for what is none.
 *
 * @see RFC 9651 section 4.2
 */
export function parseItem(value: string): BareItem | undefined {
  const input = new Input(value);
  input.take(/ */y);
  const item = parseBareItem(input);
  if (item === undefined || !skipParameters(input)) return undefined;
  input.take(/ */y);
  return input.hasEnded() ? item : undefined;
}
