/** Forms with files, read and written. RFC 7578, 2046. */
export { formatPartHead, type OutgoingPart } from "./format.ts";
export { MultipartParser, type MultipartEvent, type MultipartLimits } from "./parser.ts";
export { parsePartHead, type PartHead } from "./part-head.ts";
