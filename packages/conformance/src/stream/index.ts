/** The suite for byte streams, and pairs of streams to test layers on. */
export { tcpPair, unixPair } from "./loopback.ts";
export { closing, failing, wholeOf } from "./settling.ts";
export { interposedPair, type Interposer } from "./interposed-pair.ts";
export { streamConformance, type StreamTransport } from "./stream-conformance.ts";
