/** How much one peer may have this side keep. */
export interface CoapDeliveryLimits {
  /** Requests under way at once, observations among them; one beyond is answered by 5.03 where it is confirmable. */
  readonly requests: number;
  /** Bytes of the longest token of the peer's; more than 8 are extended tokens (RFC 8974). */
  readonly tokenBytes: number;
  /** Messages of this side that wait for their turn. */
  readonly queuedMessages: number;
  /** Bytes for remembering messages that came, with what was said to them. */
  readonly rememberedBytes: number;
}

/** What is kept of one peer where nothing else is said. */
export const defaultDeliveryLimits: CoapDeliveryLimits = {
  requests: 256,
  tokenBytes: 64,
  queuedMessages: 1_024,
  rememberedBytes: 262_144,
};
