import { UsageError } from "@fairlead/core";
import { canFrameProblem, type SendableCanFrame } from "./protocol/can-frame.ts";

/** @throws UsageError OPTION_INVALID for a frame that CAN does not have. */
export function requireSendable(frame: SendableCanFrame, peer: string): void {
  const remedy = canFrameProblem(frame);
  if (remedy !== undefined)
    throw new UsageError("OPTION_INVALID", { peer, operation: "send", detail: "frame", remedy });
}
