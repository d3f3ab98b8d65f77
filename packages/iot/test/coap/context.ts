import type { CoapContext } from "@fairlead/iot/coap";

/** A stranger who asks by UDP, unless told otherwise. */
export function contextOf(more: Partial<CoapContext> = {}): CoapContext {
  return {
    ...{ peer: "192.0.2.1:40000", scheme: "coap", security: undefined, delivery: "confirmable", isMulticast: false },
    ...{ isReachable: false, maxMessageBytes: 1_152, takesGatheredBlocks: false, signal: new AbortController().signal },
    ...more,
  };
}
