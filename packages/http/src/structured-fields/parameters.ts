import { parseBareItem, type BareItem } from "./bare-item.ts";
import type { Input } from "./input.ts";

/** RFC 9651 section 3.1.2. */
export const KEY = /[a-z*][a-z0-9_\-.*]*/y;

/** Parameters by key; of those of the same key the last. */
export type Parameters = ReadonlyMap<string, BareItem>;

/** Takes the parameters of an item; `undefined` for what are none. RFC 9651 section 4.2.3.2. */
export function takeParameters(input: Input): Parameters | undefined {
  const parameters = new Map<string, BareItem>();
  while (input.take(/; */y) !== undefined) {
    const key = input.take(KEY);
    if (key === undefined) return undefined;
    const value = input.take(/=/y) === undefined ? TRUE : parseBareItem(input);
    if (value === undefined) return undefined;
    parameters.set(key, value);
  }
  return parameters;
}

/** Passes over the parameters of an item that are not read. @returns whether they are well-formed. */
export function skipParameters(input: Input): boolean {
  return takeParameters(input) !== undefined;
}

const TRUE: BareItem = { type: "boolean", value: true };
