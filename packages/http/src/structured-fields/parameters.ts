import { parseBareItem } from "./bare-item.ts";
import type { Input } from "./input.ts";

/** RFC 9651 section 3.1.2. */
export const KEY = /[a-z*][a-z0-9_\-.*]*/y;

/** Passes over the parameters of an item, of which none is read here. @returns whether they are well-formed. */
export function skipParameters(input: Input): boolean {
  while (input.take(/; */y) !== undefined) {
    if (input.take(KEY) === undefined) return false;
    if (input.take(/=/y) !== undefined && parseBareItem(input) === undefined) return false;
  }
  return true;
}
