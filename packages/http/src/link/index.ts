/** Links between resources, in fields: RFC 8288. */
export { decodeExtendedValue } from "./extended-value.ts";
export { formatLinks, type LinkInput } from "./format.ts";
export { findLink, type Link } from "./link.ts";
export { parseLinks } from "./parser.ts";
