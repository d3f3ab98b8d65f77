/** One end of a subflow. */
export interface SubflowAddress {
  readonly host: string;
  readonly port: number;
}

/** One TCP connection of those that carry the stream. */
export interface Subflow {
  readonly local: SubflowAddress;
  readonly remote: SubflowAddress;
  /** `undefined` where the kernel does not tell of it, and for what follows. */
  readonly state: SubflowState | undefined;
  readonly roundTripMicroseconds: number | undefined;
  readonly sentBytes: number | undefined;
  readonly receivedBytes: number | undefined;
}

/** RFC 9293 section 3.3.2 */
export type SubflowState = (typeof states)[number];

/** `enum` of linux/tcp_states.h, from 1. */
const states = [
  "established",
  "syn-sent",
  "syn-received",
  "fin-wait-1",
  "fin-wait-2",
  "time-wait",
  "closed",
  "close-wait",
  "last-ack",
  "listen",
  "closing",
] as const;

/** How many subflows are asked for; the kernel itself has at most 8. */
export const maxSubflows = 16;

/** Bytes of `struct mptcp_subflow_data`, which stands before the subflows. */
const headBytes = 16;
/** Bytes of `struct mptcp_subflow_addrs`: room for two addresses of any family. */
const addressesBytes = 256;
/** Bytes of `struct tcp_info`, as far as it is read. */
const tcpInfoBytes = 216;

/** What is asked of the kernel about each subflow. */
export type SubflowQuestion = "addresses" | "tcp-info";

const recordBytes: Readonly<Record<SubflowQuestion, number>> = { addresses: addressesBytes, "tcp-info": tcpInfoBytes };

/** Makes the buffer that the kernel writes the answer into; its head says how large the records in it are. */
export function subflowQuestion(question: SubflowQuestion, isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(headBytes + maxSubflows * recordBytes[question]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headBytes, isLittleEndian);
  view.setUint32(12, recordBytes[question], isLittleEndian);
  return bytes;
}

/**
 * Reads what the kernel wrote, in answer to both questions, into the buffers of {@link subflowQuestion}.
 *
 * @param tcpInfo `undefined` where it did not answer.
 */
export function readSubflows(
  addresses: Uint8Array,
  tcpInfo: Uint8Array | undefined,
  isLittleEndian: boolean,
): readonly Subflow[] {
  const count = recordsOf(addresses, "addresses", isLittleEndian);
  // One that came or went between the two questions makes it unsure which is which.
  const infos = tcpInfo !== undefined && recordsOf(tcpInfo, "tcp-info", isLittleEndian) === count ? tcpInfo : undefined;
  return Array.from({ length: count }, (_, index) => {
    const at = headBytes + index * addressesBytes;
    return {
      local: readAddress(addresses.subarray(at, at + 128), isLittleEndian),
      remote: readAddress(addresses.subarray(at + 128, at + 256), isLittleEndian),
      ...readTcpInfo(infos?.subarray(headBytes + index * tcpInfoBytes), isLittleEndian),
    };
  });
}

/** The kernel counts all that there are, and writes as many as fit. */
function recordsOf(bytes: Uint8Array, question: SubflowQuestion, isLittleEndian: boolean): number {
  const count = viewOf(bytes).getUint32(4, isLittleEndian);
  return Math.min(count, Math.floor((bytes.length - headBytes) / recordBytes[question]));
}

/** `struct sockaddr_in` or `sockaddr_in6`. */
function readAddress(bytes: Uint8Array, isLittleEndian: boolean): SubflowAddress {
  const view = viewOf(bytes);
  const port = view.getUint16(2);
  if (view.getUint16(0, isLittleEndian) === 2) return { host: bytes.subarray(4, 8).join("."), port };
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(8 + index * 2).toString(16));
  return { host: shortestIpv6(groups), port };
}

/** RFC 5952 section 4.2: the longest run of two zeros or more is left out, and the first of several. */
function shortestIpv6(groups: readonly string[]): string {
  const runs = groups.map((_, start) => {
    const end = groups.findIndex((group, index) => index >= start && group !== "0");
    return { start, length: (end === -1 ? groups.length : end) - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < 2) return groups.join(":");
  const rest = groups.slice(longest.start + longest.length);
  return `${groups.slice(0, longest.start).join(":")}::${rest.join(":")}`;
}

function readTcpInfo(
  bytes: Uint8Array | undefined,
  isLittleEndian: boolean,
): Pick<Subflow, "state" | "roundTripMicroseconds" | "sentBytes" | "receivedBytes"> {
  const view = bytes === undefined ? undefined : viewOf(bytes);
  const long = (at: number): number | undefined => view && Number(view.getBigUint64(at, isLittleEndian));
  return {
    state: states[(view?.getUint8(0) ?? 0) - 1],
    roundTripMicroseconds: view?.getUint32(68, isLittleEndian),
    receivedBytes: long(128),
    sentBytes: long(200),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
