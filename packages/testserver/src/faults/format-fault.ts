import type { Fault } from "./fault.ts";

/** Writes a fault as one line: `latency milliseconds=200 direction=both`. */
export function formatFault(fault: Fault): string {
  const { type, ...rest } = fault;
  return [type, ...Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)].join(" ");
}
