import { bindSocketCalls, lastError, type SocketCalls } from "./socket-calls.ts";

/** UDP sockets whose datagrams no router cuts, and what the system learns by that of the path. */
export interface MtuDiscovery {
  /**
   * Makes a UDP socket that sends no datagram which would have to be cut. The caller owns the descriptor.
   *
   * @throws Error as the system's calls report it.
   */
  open(family: 4 | 6): number;
  /** Bytes of the largest datagram that the path of a connected socket takes, as far as it is known. */
  read(descriptor: number, family: 4 | 6): number | undefined;
}

/** Has Linux discover the MTU of paths (RFC 1191, RFC 8201); `undefined` elsewhere. */
export function mtuDiscovery(): MtuDiscovery | undefined {
  if (process.platform !== "linux") return undefined;
  const calls = bindSocketCalls();
  return {
    open: (family) => openSocket(calls, family),
    read(descriptor, family) {
      const { level, mtu, headBytes } = options[family];
      const value = new Uint8Array(4);
      const length = Uint8Array.of(value.length, 0, 0, 0);
      // Both are of this machine's byte order, which on Linux and Node.js is the smallest byte first.
      if (calls.getsockopt(descriptor, level, mtu, value, length) !== 0) return undefined;
      return new DataView(value.buffer).getInt32(0, true) - headBytes;
    },
  };
}

function openSocket(calls: SocketCalls, family: 4 | 6): number {
  const { domain, level, discover } = options[family];
  const descriptor = calls.socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw lastError("socket");
  if (calls.setsockopt(descriptor, level, discover, Uint8Array.of(ALWAYS, 0, 0, 0), 4) === 0) return descriptor;
  const error = lastError("setsockopt");
  calls.close(descriptor);
  throw error;
}

/** Of linux/in.h and linux/in6.h; the bytes are of the heads of IP and UDP. */
const options = {
  4: { domain: 2, level: 0, discover: 10, mtu: 14, headBytes: 28 },
  6: { domain: 10, level: 41, discover: 23, mtu: 24, headBytes: 48 },
} as const;
const ALWAYS = 2;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
