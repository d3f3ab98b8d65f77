import { UsageError } from "@fairlead/core";
import { isLoopback } from "../client/protocol/server-metadata.ts";

/**
 * Opens a page in the browser of whoever sits here. No shell reads the address, and it is of no scheme that starts another
 * program.
 *
 * @throws UsageError OPTION_INVALID for an address that is not https, or http to this machine.
 */
export async function openBrowser(url: URL): Promise<void> {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw new UsageError("OPTION_INVALID", {
      operation: "open browser",
      peer: url.host,
      detail: "the address is not https",
    });
  }
  const { default: open } = await import("open");
  await open(url.href);
}
