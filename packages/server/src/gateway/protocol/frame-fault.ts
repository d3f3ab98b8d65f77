import { ProtocolError } from "@fairlead/core";

/** A rule of the gateway's protocol that the other end broke: its connection is over. */
export function frameFault(detail: string): ProtocolError {
  return new ProtocolError("GATEWAY_FRAME_INVALID", { detail });
}
