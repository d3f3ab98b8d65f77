import { parseBareItem, type BareItem } from "./bare-item.ts";
import { Input, OPTIONAL_WHITESPACE } from "./input.ts";
import { skipParameters } from "./parameters.ts";

/**
 * Parses the value of a field that is a list of items, whose parameters are left out; `undefined` for what is none, and for
 * one with an inner list, since no field that is read here has one.
 *
 * @param value the lines of the field, joined by commas.
 * @see RFC 9651 section 4.2.1
 */
export function parseList(value: string): readonly BareItem[] | undefined {
  const input = new Input(value);
  const items: BareItem[] = [];
  input.take(/ */y);
  while (!input.hasEnded()) {
    const item = parseBareItem(input);
    if (item === undefined || !skipParameters(input)) return undefined;
    items.push(item);
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return items;
    if (input.take(/,/y) === undefined) return undefined;
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return undefined;
  }
  return items;
}
