/** Who the client of a proxy is: Forwarded (RFC 7239) and the older X-Forwarded fields, as far as they are believed. */
export { formatForwardedElement, type ForwardedHop } from "./format-element.ts";
export { type ForwardedElement, type ForwardedNode, readForwarded } from "./read-forwarded.ts";
export { readXForwarded } from "./read-x-forwarded.ts";
export { type ForwardedOrigin, originByForwarded } from "./origin.ts";
export { parseNode } from "./node.ts";
