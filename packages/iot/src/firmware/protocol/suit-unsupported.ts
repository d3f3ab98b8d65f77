import { PolicyError } from "@fairlead/core";

/**
 * Makes the error for what is well-formed and not understood. Nothing of a manifest is passed over: who signed it may have
 * meant that the update must not be made without it.
 *
 * @param detail what it is, with its number
 */
export function unsupported(detail: string): PolicyError {
  return new PolicyError("FIRMWARE_MANIFEST_UNSUPPORTED", { operation: "read a manifest", detail });
}
