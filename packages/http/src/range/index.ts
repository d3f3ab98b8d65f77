/** Ranges of a representation: their fields, and what a response to one makes of the whole. RFC 9110 section 14. */
export * from "./byte-range.ts";
export { frameRanges, type MultipartRanges } from "./multipart.ts";
export { decidePart, type AskedPart, type PartDecision, type PartResponse } from "./part.ts";
export { formatContentRange, formatUnsatisfiedRange, selectRanges, type RangeSelection } from "./select.ts";
export { strongValidator, type StrongValidator } from "./strong-validator.ts";
