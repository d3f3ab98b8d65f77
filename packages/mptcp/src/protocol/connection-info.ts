/** What a connection has done on all of its paths together. */
export interface MultipathCounters {
  /** Left out by Linux before 6.5. */
  readonly sentBytes: number | undefined;
  readonly receivedBytes: number | undefined;
  /** Sent again on another path than the first time, or on the same. */
  readonly retransmittedBytes: number | undefined;
  readonly retransmissions: number;
}

/** What the kernel says about a connection as a whole. */
export interface ConnectionInfo {
  /** Whether it has become plain TCP. RFC 8684 section 3.7. */
  readonly fellBack: boolean;
  readonly counters: MultipathCounters;
}

/**
 * Reads `struct mptcp_info` of linux/mptcp.h, of which newer kernels give more than older ones.
 *
 * @param bytes as many as the kernel gave; what is missing is undefined.
 */
export function readConnectionInfo(bytes: Uint8Array, isLittleEndian: boolean): ConnectionInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (at + 4 <= view.byteLength ? view.getUint32(at, isLittleEndian) : 0);
  const long = (at: number): number | undefined =>
    at + 8 <= view.byteLength ? Number(view.getBigUint64(at, isLittleEndian)) : undefined;
  return {
    fellBack: (word(8) & fallbackFlag) !== 0,
    counters: {
      retransmissions: word(44),
      retransmittedBytes: long(48),
      sentBytes: long(56),
      receivedBytes: long(64),
    },
  };
}

/** MPTCP_INFO_FLAG_FALLBACK */
const fallbackFlag = 1;
