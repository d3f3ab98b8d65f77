import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** All that a `net.Socket` has, without being one. */
export type NetSurface = Pick<Socket, keyof Socket>;

/**
 * Gives a stream what it lacks of what libraries call and read on sockets without asking. The timeout is its own; the rest
 * is that of the socket below, and does nothing over any other stream.
 */
export function asNetSocket<Stream extends Duplex>(stream: Stream, below: Duplex): Stream & NetSurface {
  if (stream instanceof Socket) return stream;
  const socket = below instanceof Socket ? below : undefined;
  const missing: PropertyDescriptorMap = {
    setTimeout: { value: idleTimeout(stream) },
    setNoDelay: { value: (on?: boolean) => (socket?.setNoDelay(on), stream) },
    setKeepAlive: { value: (on?: boolean, delay?: number) => (socket?.setKeepAlive(on, delay), stream) },
    ref: { value: () => (socket?.ref(), stream) },
    unref: { value: () => (socket?.unref(), stream) },
    remoteAddress: { get: () => socket?.remoteAddress },
    remotePort: { get: () => socket?.remotePort },
    localAddress: { get: () => socket?.localAddress },
    localPort: { get: () => socket?.localPort },
  };
  for (const [name, descriptor] of Object.entries(missing)) {
    if (!(name in stream)) Object.defineProperty(stream, name, { configurable: true, ...descriptor });
  }
  // Libraries type what they take as a Socket; what they use of it is there.
  return stream as Stream & NetSurface;
}

/** `net.Socket#setTimeout`: tells when nothing was read or written for so long, and does nothing else. */
function idleTimeout(stream: Duplex): (milliseconds: number, listener?: () => void) => Duplex {
  let limit = 0;
  let timer: NodeJS.Timeout | undefined;
  const touched = (): void => {
    clearTimeout(timer);
    if (limit > 0 && !stream.destroyed) timer = setTimeout(() => stream.emit("timeout"), limit).unref();
  };
  const [push, write] = [stream.push.bind(stream), stream._write.bind(stream)];
  stream.push = (...values) => {
    touched();
    return push(...values);
  };
  stream._write = (...values) => {
    touched();
    write(...values);
  };
  stream.once("close", () => clearTimeout(timer));
  return (milliseconds, listener) => {
    limit = milliseconds;
    touched();
    if (listener !== undefined) {
      if (milliseconds > 0) stream.once("timeout", listener);
      else stream.off("timeout", listener);
    }
    return stream;
  };
}
