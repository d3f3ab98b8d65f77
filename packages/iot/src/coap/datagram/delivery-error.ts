import { type FairleadError, PolicyError, ProtocolError, TimeoutError, TransportError } from "@fairlead/core";
import type { DeliveryFailure } from "../protocol/delivery/index.ts";

/** Tells why a message did not do what it was for, as an error. */
export function deliveryError(
  reason: DeliveryFailure,
  facts: { readonly peer: string; readonly operation: string; readonly cause?: FairleadError | undefined },
): FairleadError {
  switch (reason) {
    case "reset":
      return new ProtocolError("COAP_RESET", facts);
    case "not-acknowledged":
      return new TimeoutError("request", { ...facts, detail: "phase request: never acknowledged" });
    case "not-answered":
      return new TimeoutError("response", facts);
    case "unreachable":
      return facts.cause ?? new TransportError("TRANSPORT_FAILED", facts);
    case "queue-full":
      return new PolicyError("READER_TOO_SLOW", facts);
    case "too-large":
      return new TransportError("DATAGRAM_TOO_LARGE", facts);
    case "closed":
      return facts.cause ?? new TransportError("STREAM_CLOSED", facts);
  }
}
