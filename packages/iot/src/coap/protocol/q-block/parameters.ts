/** What a robust transfer goes by. RFC 9177 section 7.2. */
export interface QBlockParameters {
  /** Blocks that are sent before the peer has to show that it gets them: MAX_PAYLOADS. */
  readonly maxPayloads: number;
  /** How long a sender waits between two sets of them when it hears nothing: NON_TIMEOUT. */
  readonly nonTimeoutMilliseconds: number;
  /** How long a receiver waits for a block before it says what is missing: NON_RECEIVE_TIMEOUT. */
  readonly nonReceiveTimeoutMilliseconds: number;
  /** How often it says so in a row, and nothing comes, before it gives up: NON_MAX_RETRANSMIT. */
  readonly nonMaxRetransmit: number;
}

/** As RFC 9177 section 7.2 proposes. */
export const defaultQBlockParameters: QBlockParameters = {
  ...{ maxPayloads: 10, nonTimeoutMilliseconds: 2_000, nonReceiveTimeoutMilliseconds: 4_000, nonMaxRetransmit: 4 },
};
