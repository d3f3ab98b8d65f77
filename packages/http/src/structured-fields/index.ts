/** Structured fields as far as they are read here: RFC 9651. */
export type { BareItem } from "./bare-item.ts";
export { type Dictionary, parseDictionary } from "./dictionary.ts";
export { parseItem } from "./item.ts";
export { parseList, parseParameterizedList, type ParameterizedItem } from "./list.ts";
export type { Parameters } from "./parameters.ts";
