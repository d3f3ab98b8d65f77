/** Transactions as HTTP Archive 1.2. `manager.recordHar` is what most want. */
export type * from "./har.ts";
export type { HarRecording, RecordHarOptions } from "./har-recording.ts";
export { readContent, type KeptContent } from "./kept-content.ts";
export { toHar, type HarOptions } from "./to-har.ts";
