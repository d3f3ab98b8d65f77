import { UsageError } from "@fairlead/core";
import type { BrokerUrl } from "./broker-url.ts";

/** Refuses a path where the protocol knows none. @throws UsageError URL_INVALID */
export function refusePath({ path, peer }: BrokerUrl, remedy: string): void {
  if (path === "") return;
  throw new UsageError("URL_INVALID", { operation: "connect", peer, detail: "it has a path", remedy });
}
