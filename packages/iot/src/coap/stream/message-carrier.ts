import type { FairleadError } from "@fairlead/core";
import type { CoapFrameReading, CoapFraming } from "../protocol/index.ts";

/** What carries whole messages to one peer and from it: a byte stream, or a WebSocket. */
export interface MessageCarrier {
  readonly framing: CoapFraming;
  /** Begins to read; nothing is told before. */
  start(hearer: CarrierHearer): void;
  /**
   * Sends a message behind those before it.
   *
   * @param onProgress told how many more of its bytes have left, until they all have; not at all once the carrier is over.
   */
  write(message: Uint8Array, onProgress: (sentBytes: number) => void): void;
  /** Reads nothing more, until it is released. */
  hold(isHeld: boolean): void;
  /** Ends this side behind all that was written; what comes is still read. */
  end(): void;
  /** Ends both sides at once. */
  destroy(): void;
}

/** Who hears of a carrier. */
export interface CarrierHearer {
  /** What came, in its order; what came at once is told at once. */
  heard(readings: readonly CoapFrameReading[]): void;
  /** The peer ended its side, behind a whole message. */
  ended(): void;
  /** The connection failed. `over` follows. */
  failed(error: FairleadError): void;
  /** Both sides have ended; called once, and last. */
  over(): void;
}
