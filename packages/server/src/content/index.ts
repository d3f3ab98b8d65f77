/** What is made of content on its way to clients. */
export { compression, type CompressionOptions } from "./compression.ts";
export type { CompressionCoding } from "./encoders.ts";
export { withFields } from "./with-fields.ts";
