/** What RFC 9113, 7541 and 8441 ask of a server, case by case. */
import { compressionCases, connectCases, messageCases } from "./message-cases.ts";
import { framingCases } from "./framing-cases.ts";
import type { Http2Case } from "./http2-case.ts";

export type { Expectation, Http2Case } from "./http2-case.ts";
export * as clientFrames from "./client-frames.ts";
export { readStatus } from "./response-status.ts";
export { runCase } from "./run-case.ts";

/** All cases, each named by the section that it is from. */
export const http2Cases: readonly Http2Case[] = [
  ...named("RFC 9113", [...framingCases, ...messageCases]),
  ...named("RFC 8441", connectCases),
  ...named("RFC 7541", compressionCases),
];

function named(document: string, cases: readonly Http2Case[]): readonly Http2Case[] {
  return cases.map((one) => ({ ...one, section: `${document} section ${one.section}` }));
}
