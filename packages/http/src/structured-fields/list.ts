import { parseBareItem, type BareItem } from "./bare-item.ts";
import { Input, OPTIONAL_WHITESPACE } from "./input.ts";
import { takeParameters, type Parameters } from "./parameters.ts";

/** A member of a list, with what is said of it. */
export interface ParameterizedItem {
  readonly item: BareItem;
  readonly parameters: Parameters;
}

/**
 * Parses the value of a field that is a list of items, whose parameters are left out; `undefined` for what is none, and for
 * one with an inner list, since no field that is read here has one.
 *
 * @param value the lines of the field, joined by commas.
 * @see RFC 9651 section 4.2.1
 */
export function parseList(value: string): readonly BareItem[] | undefined {
  return parseParameterizedList(value)?.map(({ item }) => item);
}

/** The same with the parameters of each item. */
export function parseParameterizedList(value: string): readonly ParameterizedItem[] | undefined {
  const input = new Input(value);
  const items: ParameterizedItem[] = [];
  input.take(/ */y);
  while (!input.hasEnded()) {
    const item = parseBareItem(input);
    const parameters = item && takeParameters(input);
    if (item === undefined || parameters === undefined) return undefined;
    items.push({ item, parameters });
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return items;
    if (input.take(/,/y) === undefined) return undefined;
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return undefined;
  }
  return items;
}
