import { escapeControls } from "@fairlead/core";
import type { OpenStoreOptions, StoreWarning } from "./contract.ts";

/** Tells a warning to whom the options name, or to `process`. What the callback throws stays here. */
export function warn(options: OpenStoreOptions, peer: string, warning: StoreWarning): void {
  const subject = warning.collection === undefined ? peer : `${peer} ${warning.collection}`;
  try {
    if (options.onWarning === undefined) {
      // Names of collections are what the file says.
      const text = escapeControls(`${subject}: ${warning.message}`);
      process.emitWarning(text, { type: "FairleadStoreWarning", code: warning.type });
    } else {
      options.onWarning(warning);
    }
  } catch (error) {
    process.emitWarning(`onWarning threw: ${String(error)}`, { type: "FairleadStoreWarning" });
  }
}

/** What tells as warnings that permissions were mended, where the options ask for that. */
export function mendedWarnings(options: OpenStoreOptions, peer: string): ((what: string) => void) | undefined {
  if (options.repair !== true) return undefined;
  return (message) => {
    warn(options, peer, { type: "repaired", collection: undefined, message, cause: undefined });
  };
}
