/** The suite for byte streams. */
export { streamConformance, type StreamPair, type StreamPairOptions } from "./stream-conformance.ts";
