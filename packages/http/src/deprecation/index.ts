/** The end of a resource, told before it comes: RFC 9745, RFC 8594. */
export { readDeprecation, type DeprecationNotice } from "./deprecation.ts";
