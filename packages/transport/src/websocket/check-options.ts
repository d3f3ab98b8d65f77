import { UsageError } from "@fairlead/core";
import type { WebSocketConnectionOptions } from "./contract.ts";

/** The longest time that a timer of Node keeps. */
const LONGEST_MILLISECONDS = 2_147_483_647;

/**
 * Checks limits and times before a stream is there, as `openWebSocket` does when it is.
 *
 * @throws UsageError OPTION_INVALID with the name of the first that cannot be.
 */
export function checkWebSocketOptions(options: Omit<WebSocketConnectionOptions, "role">): void {
  const { limits, keepAlive, deflateFromBytes, sendHighWaterBytes, closeTimeoutMilliseconds } = options;
  const sizes = { ...limits, deflateFromBytes, sendHighWaterBytes };
  for (const [name, value] of Object.entries(sizes)) {
    if (value !== undefined && !(value >= 0)) throw invalid(name, "give a number that is not negative");
  }
  const times = { ...keepAlive, closeTimeoutMilliseconds };
  for (const [name, value] of Object.entries(times)) {
    if (value !== undefined && !(value >= 0 && value <= LONGEST_MILLISECONDS)) {
      throw invalid(name, `give milliseconds, up to ${String(LONGEST_MILLISECONDS)}`);
    }
  }
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
