import type { NetworkAccessManager } from "./manager.ts";
import { openNetworkAccessManager } from "./open-manager.ts";

let shared: Promise<NetworkAccessManager> | undefined;

/**
 * The manager that a process shares by default, made when it is first asked for: in memory, with all defaults. It keeps
 * no process alive, and needs no closing.
 */
export function defaultManager(): Promise<NetworkAccessManager> {
  return (shared ??= openNetworkAccessManager());
}
