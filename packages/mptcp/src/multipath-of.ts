import type { Socket } from "node:net";
import { endianness } from "node:os";
import type { SocketCalls } from "@fairlead/descriptor";
import { linux } from "./linux.ts";
import { readConnectionInfo, type MultipathCounters } from "./protocol/connection-info.ts";
import { readSubflows, subflowQuestion, type Subflow, type SubflowQuestion } from "./protocol/subflows.ts";

/** What a connection is. */
export type Multipath =
  /** The peer speaks it, too. Subflows are left out by Linux before 5.16. */
  | { readonly type: "multipath"; readonly subflows: readonly Subflow[]; readonly counters: MultipathCounters }
  /** It was asked for, and the peer or somebody between does not speak it: TCP on one path. */
  | { readonly type: "fallback" }
  /** TCP, or nothing that is connected. What a server accepts from a peer without it is TCP from the beginning. */
  | { readonly type: "plain" };

const isLittleEndian = endianness() === "LE";

/** Asks the kernel what a connected socket is at this moment. */
export function multipathOf(calls: SocketCalls, socket: Socket): Multipath {
  const descriptor = descriptorOf(socket);
  if (descriptor === undefined) return { type: "plain" };
  const protocol = ask(calls, descriptor, {
    level: linux.SOL_SOCKET,
    name: linux.SO_PROTOCOL,
    value: new Uint8Array(4),
  });
  if (protocol === undefined) return { type: "plain" };
  if (new DataView(protocol.buffer).getInt32(0, isLittleEndian) !== linux.IPPROTO_MPTCP) return { type: "plain" };
  // Newer kernels have more to say than is read here, and older ones less.
  const info = askMultipath(calls, descriptor, linux.MPTCP_INFO, new Uint8Array(256));
  if (info === undefined) return { type: "fallback" };
  const { fellBack, counters } = readConnectionInfo(info, isLittleEndian);
  if (fellBack) return { type: "fallback" };
  return { type: "multipath", subflows: subflowsOf(calls, descriptor), counters };
}

function subflowsOf(calls: SocketCalls, descriptor: number): readonly Subflow[] {
  const about = (question: SubflowQuestion, name: number): Uint8Array | undefined =>
    askMultipath(calls, descriptor, name, subflowQuestion(question, isLittleEndian));
  const addresses = about("addresses", linux.MPTCP_SUBFLOW_ADDRS);
  if (addresses === undefined) return [];
  return readSubflows(addresses, about("tcp-info", linux.MPTCP_TCPINFO), isLittleEndian);
}

function askMultipath(calls: SocketCalls, descriptor: number, name: number, value: Uint8Array): Uint8Array | undefined {
  return ask(calls, descriptor, { level: linux.SOL_MPTCP, name, value });
}

/** What the kernel wrote; `undefined` when it does not know. */
function ask(
  calls: SocketCalls,
  descriptor: number,
  { level, name, value }: { readonly level: number; readonly name: number; readonly value: Uint8Array },
): Uint8Array | undefined {
  const length = new Uint32Array([value.length]);
  const result = calls.getsockopt(descriptor, level, name, value, new Uint8Array(length.buffer));
  return result === 0 ? value.subarray(0, length[0]) : undefined;
}

/** `net.Socket` keeps it to itself; there is none before it connects and after it is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: { readonly fd?: unknown } | null };
  const descriptor = handle?.fd;
  return typeof descriptor === "number" && descriptor >= 0 ? descriptor : undefined;
}
